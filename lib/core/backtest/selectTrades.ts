import type { TradePolicy } from './rule'

/** A portfolio in the middle of a step. All arrays have one place for each asset. */
export interface Book {
  /** Units held. */
  readonly holdings: Float64Array
  /** USD. */
  readonly values: Float64Array
  /** USD to buy; negative to sell. They sum to 0. */
  readonly moves: Float64Array
  /** USD. */
  total: number
}

/** Everything to its target. */
export function moveToTargets({ values, moves, total }: Book, targets: Float64Array): void {
  for (let i = 0; i < moves.length; i++) moves[i] = (targets[i] as number) * total - (values[i] as number)
}

type BandPolicy = Extract<TradePolicy, { readonly kind: 'bands' }>

/** Sets the moves of a portfolio in which at least one weight is at its trigger. */
export function moveIntoBands(book: Book, targets: Float64Array, policy: BandPolicy): void {
  if (policy.scope === 'all') shrinkDeviations(book, targets, policy)
  else moveOutOfBand(book, targets, policy)
}

function shrinkDeviations(
  { values, moves, total }: Book,
  targets: Float64Array,
  { triggers, destinations }: BandPolicy,
): void {
  let factor = 1
  for (let i = 0; i < moves.length; i++) {
    const deviation = Math.abs((values[i] as number) - (targets[i] as number) * total)
    if (deviation >= (triggers[i] as number) * total && deviation > 0)
      factor = Math.min(factor, ((destinations[i] as number) * total) / deviation)
  }
  for (let i = 0; i < moves.length; i++)
    moves[i] = (factor - 1) * ((values[i] as number) - (targets[i] as number) * total)
}

function moveOutOfBand(book: Book, targets: Float64Array, { triggers, destinations }: BandPolicy): void {
  const { values, moves, total } = book
  let freed = 0
  for (let i = 0; i < moves.length; i++) {
    const deviation = (values[i] as number) - (targets[i] as number) * total
    const isOut = Math.abs(deviation) >= (triggers[i] as number) * total
    const move = isOut ? Math.sign(deviation) * (destinations[i] as number) * total - deviation : 0
    moves[i] = move
    freed -= move
  }
  // Deviations sum to 0, so those on the other side always suffice; the ones in their band come first.
  freed = absorb(book, targets, triggers, freed, true)
  absorb(book, targets, triggers, freed, false)
}

/** Lets the weights that are furthest out the other way take what was freed, none beyond its target. Says what is left. */
function absorb(
  { values, moves, total }: Book,
  targets: Float64Array,
  triggers: Float64Array,
  freed: number,
  isRestOnly: boolean,
): number {
  let left = freed
  for (let round = 0; round < moves.length && Math.abs(left) > 1e-15 * total; round++) {
    let furthest = -1
    let reach = 0
    let room = 0
    for (let i = 0; i < moves.length; i++) {
      const before = (values[i] as number) - (targets[i] as number) * total
      const trigger = (triggers[i] as number) * total
      if (isRestOnly && Math.abs(before) >= trigger) continue
      const short = -Math.sign(left) * (before + (moves[i] as number))
      if (short > 0 && (furthest < 0 || short / trigger > reach)) {
        furthest = i
        reach = short / trigger
        room = short
      }
    }
    if (furthest < 0) break
    const taken = Math.sign(left) * Math.min(room, Math.abs(left))
    moves[furthest] = (moves[furthest] as number) + taken
    left -= taken
  }
  return left
}
