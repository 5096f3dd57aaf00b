const roundSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50]

/** The smallest round step of which at most `count` reach a value. */
function selectStep(value: number, count: number): number {
  return roundSteps.find((step) => step * count >= value) ?? 50
}

/** Ticks from 0 to at least `value` at a round distance. */
export function ticksFromZero(value: number, count: number): readonly number[] {
  const step = selectStep(value, count)
  const steps = Math.max(1, Math.ceil(value / step))
  return Array.from({ length: steps + 1 }, (_, index) => Math.round(index * step * 10) / 10)
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
