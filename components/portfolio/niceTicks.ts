const roundSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500]

/** The smallest round step of which at most `count` reach a value. */
function selectStep(value: number, count: number): number {
  const found = roundSteps.find((step) => step * count >= value)
  return found ?? 1000 * selectStep(value / 1000, count)
}

/** Ticks from 0 to at least `value` at a round distance. */
export function ticksFromZero(value: number, count: number): readonly number[] {
  const step = selectStep(value, count)
  const steps = Math.max(1, Math.ceil(value / step))
  return Array.from({ length: steps + 1 }, (_, index) => Math.round(index * step * 100) / 100)
}

/** Ticks around 0 that reach at least `value` on either side. */
export function ticksAroundZero(value: number, count: number): readonly number[] {
  const above = ticksFromZero(value, count)
  return [
    ...above
      .slice(1)
      .map((tick) => -tick)
      .reverse(),
    ...above,
  ]
}
