import type { PlanPolicy } from '../policy/policy'

/** How far an asset would move to its share, and what its band says. Dollars x 1e18; positive is bought. */
export type AimedMove = {
  readonly fullUsd: bigint
  /** Distance from the target of the whole portfolio: positive above it. */
  readonly driftUsd: bigint
  readonly edgeUsd: bigint
  readonly isInBand: boolean
}

/** How far it does move. */
type Aimed<Move> = Move & { readonly aimedUsd: bigint }

/**
 * How far each asset goes under a scope and a destination. What then is sold and not bought, or bought and not sold, the assets with the
 * longest way left take over, the longest first and none beyond its share: so few trades as possible come to a sum of zero.
 * @returns the moves in the order given; they sum to what the full moves sum to, or nearer to zero.
 */
export function aimMoves<Move extends AimedMove>(
  moves: readonly Move[],
  { scope, destination }: Pick<PlanPolicy, 'scope' | 'destination'>,
): readonly Aimed<Move>[] {
  const isWhole = scope === 'everything' && destination === 'target'
  const aimed = moves.map((move) => {
    const stays = scope === 'outOfBand' && move.isInBand
    return { ...move, aimedUsd: stays ? 0n : aimOne(move, destination) }
  })
  const missing = -aimed.reduce((sum, { aimedUsd }) => sum + aimedUsd, 0n)
  return isWhole || missing === 0n ? aimed : settle(aimed, missing)
}

function aimOne({ fullUsd, driftUsd, edgeUsd }: AimedMove, destination: PlanPolicy['destination']): bigint {
  switch (destination) {
    case 'target':
      return fullUsd
    case 'halfway':
      return fullUsd / 2n
    case 'edge': {
      if (fullUsd > 0n === driftUsd > 0n) return 0n
      const beyond = abs(driftUsd) - edgeUsd
      if (beyond <= 0n) return 0n
      const least = beyond < abs(fullUsd) ? beyond : abs(fullUsd)
      return fullUsd > 0n ? least : -least
    }
  }
}

/** Fills what is missing (positive: purchases) from the longest ways left, the first of equals. */
function settle<Move extends AimedMove>(moves: readonly Aimed<Move>[], missing: bigint): readonly Aimed<Move>[] {
  const sign = missing > 0n ? 1n : -1n
  const wayOf = ({ fullUsd, aimedUsd }: Aimed<Move>) => (fullUsd - aimedUsd) * sign
  const longestFirst = moves
    .filter((move) => wayOf(move) > 0n)
    .sort((a, b) => (wayOf(a) > wayOf(b) ? -1 : wayOf(a) < wayOf(b) ? 1 : 0))
  let left = missing * sign
  const addedOf = new Map<Aimed<Move>, bigint>()
  for (const move of longestFirst) {
    const added = wayOf(move) < left ? wayOf(move) : left
    addedOf.set(move, added * sign)
    left -= added
  }
  return moves.map((move) => ({ ...move, aimedUsd: move.aimedUsd + (addedOf.get(move) ?? 0n) }))
}

const abs = (value: bigint) => (value < 0n ? -value : value)
