const hues = 12

/** The colour of a part of a whole by its place in the chain's list of assets, the same on every screen. */
export function partColour(place: number): string {
  return `var(--part-${place % hues})`
}
