import type { BenchReport, Measurement } from './measurement'

const verdicts = { met: 'met', missed: 'MISSED', informative: '' } as const satisfies Record<
  Measurement['verdict'],
  string
>

/** A benchmark's figures as a table, and the cases that it loses. */
export function printReport({ title, measurements, losses }: BenchReport, seconds: number): string {
  const width = Math.max(...measurements.map(({ name }) => name.length))
  const goalWidth = Math.max(4, ...measurements.map(({ goal = '' }) => goal.length))
  const row = (name: string, goal: string, measured: string, verdict: string) =>
    `  ${name.padEnd(width)}  ${goal.padEnd(goalWidth)}  ${measured}${verdict === '' ? '' : `  ${verdict}`}`
  const lines = measurements.map(({ name, goal = '', measured, verdict }) =>
    row(name, goal, measured, verdicts[verdict]),
  )
  const lost = losses.length === 0 ? ['  loses: nowhere'] : losses.map((loss) => `  loses: ${loss}`)
  return [`${title} (${seconds.toFixed(0)} s)`, row('', 'goal', 'measured', ''), ...lines, ...lost, ''].join('\n')
}
