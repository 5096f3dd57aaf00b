/** One figure, beside its goal where there is one. */
export type Measurement = {
  readonly name: string
  readonly goal?: string
  readonly measured: string
  readonly verdict: 'met' | 'missed' | 'informative'
}

/** What one benchmark found. */
export type BenchReport = {
  readonly title: string
  readonly measurements: readonly Measurement[]
  /** Cases in which Ballast is worse than the alternative, or than its own goal, in words. Empty when there are none. */
  readonly losses: readonly string[]
}

/** A figure and the most that it may be. */
export type Limit = {
  readonly name: string
  readonly value: number
  readonly goal: number
  readonly write: (value: number) => string
}

/** Holds a figure against the most that it may be. */
export function measureAtMost({ name, value, goal, write }: Limit): Measurement {
  const isMet = Number.isFinite(value) && value <= goal
  return { name, goal: `≤ ${write(goal)}`, measured: write(value), verdict: isMet ? 'met' : 'missed' }
}

/** A figure without a goal. */
export function measureOnly(name: string, measured: string): Measurement {
  return { name, measured, verdict: 'informative' }
}

/** One line for each figure that missed its goal. */
export function listMissed(measurements: readonly Measurement[]): readonly string[] {
  return measurements
    .filter(({ verdict }) => verdict === 'missed')
    .map(({ name, goal, measured }) => `${name}: ${measured} (goal ${goal})`)
}

/** The value below which the given share of the sorted values lies: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const writeMs = (ms: number) => (ms < 10 ? `${ms.toFixed(2)} ms` : `${Math.round(ms)} ms`)
export const writeSeconds = (seconds: number) => `${seconds.toFixed(2)} s`
export const writeKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
export const writeRatio = (ratio: number) => ratio.toFixed(3)
export const writeGas = (gas: bigint | number) => Number(gas).toLocaleString('en-US')
