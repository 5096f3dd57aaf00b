import type { ReactNode } from 'react'
import { cx } from './cx'

const tones = {
  neutral: 'bg-sunken text-ink-soft border-line',
  accent: 'bg-accent-soft text-accent border-transparent',
  ok: 'bg-ok-soft text-ok border-ok-line',
  warn: 'bg-warn-soft text-warn border-warn-line',
  danger: 'bg-danger-soft text-danger border-danger-line',
} as const

export type Tone = keyof typeof tones

/** A short word about what stands beside it. */
export function Badge({ tone = 'neutral', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-full border px-2 py-px font-medium text-[12px] leading-5',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}
