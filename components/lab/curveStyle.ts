import { freeName } from './backtestView'

const dashes = ['none', '7 3', '2 3', '9 3 2 3'] as const
const strokes = ['var(--part-2)', 'var(--part-1)', 'var(--part-4)', 'var(--accent)'] as const

/** How the curve of a rule is drawn: its own colour and its own dashes, so that colour is not the only difference. */
export function curveStyle(
  at: number,
  name: string,
): { readonly stroke: string; readonly dash: string; readonly width: number } {
  if (name === freeName) return { stroke: 'var(--control)', dash: '1 3', width: 1.5 }
  return {
    stroke: strokes[at % strokes.length] ?? 'var(--ink)',
    dash: dashes[at % dashes.length] ?? 'none',
    width: 1.75,
  }
}
