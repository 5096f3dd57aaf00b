import type { PlanPolicy } from '../policy/policy'

/** How far an asset would move to its share, and what its band says. Dollars x 1e18; positive is bought. */
export type AimedMove = {
  readonly fullUsd: bigint
  /** Distance from the target of the whole portfolio: positive above it. */
  readonly driftUsd: bigint
  readonly edgeUsd: bigint
  readonly isInBand: boolean
}

/**
 * How far each asset goes under a scope and a destination. What then is sold and not bought, or bought and not sold, the assets with the
 * longest way left take over, the longest first and none beyond its share: so few trades as possible come to a sum of zero.
 * @returns moves in the order given, with their signs; they sum to what the full moves sum to, or nearer to zero.
 */
export function aimMoves(
  moves: readonly AimedMove[],
  { scope, destination }: Pick<PlanPolicy, 'scope' | 'destination'>,
): readonly bigint[] {
  if (scope === 'everything' && destination === 'target') return moves.map(({ fullUsd }) => fullUsd)
  const aimed = moves.map((move) => {
    if (scope === 'outOfBand' && move.isInBand) return 0n
    return aimOne(move, destination)
  })
  const missing = -aimed.reduce((sum, usd) => sum + usd, 0n)
  return missing === 0n ? aimed : settle(moves, aimed, missing)
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

/** Fills what is missing (positive: purchases) from the longest ways left. */
function settle(moves: readonly AimedMove[], aimed: readonly bigint[], missing: bigint): readonly bigint[] {
  const settled = [...aimed]
  const sign = missing > 0n ? 1n : -1n
  let left = missing * sign
  const ways = moves
    .map(({ fullUsd }, at) => ({ at, way: (fullUsd - (aimed[at] ?? 0n)) * sign }))
    .filter(({ way }) => way > 0n)
    .sort((a, b) => (a.way > b.way ? -1 : a.way < b.way ? 1 : a.at - b.at))
  for (const { at, way } of ways) {
    const taken = way < left ? way : left
    settled[at] = (settled[at] ?? 0n) + taken * sign
    left -= taken
  }
  return settled
}

const abs = (value: bigint) => (value < 0n ? -value : value)
