import { limitCalls } from './limitCalls'
import type { PlanPart } from './plan'
import type { PlanContext } from './planContext'
import type { Passage } from './planDraft'
import { selectMoves } from './selectMoves'
import { selectRoutable } from './selectRoutable'
import type { Limits, SelectedTrades, SelectionRequest } from './selectTrades'

/** What a selection must keep to. */
export type SelectionLimits = {
  /** Where fair prices end. */
  readonly limits: Limits
  /** `whole` counts the approvals that selling all of each asset would need. */
  readonly amounts: 'wanted' | 'whole'
  readonly bounds: SelectionRequest['bounds']
}

/** What is traded under the limits of prices, of the wallet's calls and of the number of legs. */
export function selectWithin(
  context: PlanContext,
  { router, moves }: Passage,
  { limits, amounts, bounds }: SelectionLimits,
): { readonly selected: SelectedTrades; readonly part: PlanPart | undefined } {
  const { assets, hubs, minimumUsd, isInBand, aim, turnoverCapUsd } = context
  const select = (within: Limits) =>
    selectRoutable({
      ...{ assets, hubs, minimumUsd, isInBand, aim, turnoverCapUsd, bounds, limits: within },
      pools: context.pools[router],
    })
  let within: Limits = limits
  let selected = select(within)
  const { held, part } = limitCalls(context, { router, traded: selected.traded, amounts })
  if (held.size > 0) {
    within = new Map([...within, ...held])
    selected = select(within)
  }
  if (moves === undefined) return { selected, part }
  const distances = selected.traded.map(({ asset, wantedUsd }) => ({
    assetId: asset.assetId,
    usd: wantedUsd - asset.valueUsd,
  }))
  const moved = selectMoves(distances, { legs: moves, minimumUsd })
  const shortened = selected.traded.flatMap(({ asset, wantedUsd }) => {
    const reached = asset.valueUsd + (moved.get(asset.assetId) ?? 0n)
    return reached === wantedUsd ? [] : [[asset.assetId, { wantedUsd: reached, reason: 'legLimit' }] as const]
  })
  return { selected: shortened.length === 0 ? selected : select(new Map([...within, ...shortened])), part }
}
