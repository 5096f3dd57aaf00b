import { formatFeePips } from '@/components/format/formatPercent'
import { formatWeights } from '@/components/format/formatWeights'
import { type Asset, type AssetId, nativeAddress, type Token } from '@/lib/core/asset'
import type { HopPool, Leg, PlanCost, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { PoolId } from '@/lib/core/snapshot'
import { type Address, assertNever, mulDivUp } from '@/lib/core/units'

/** An amount with what is needed to write it. */
export type AmountView = { readonly amount: bigint; readonly decimals: number; readonly symbol: string }

/** Now, projected and target of one asset, as shares and as text whose columns sum to exactly 100.0. */
export type WeightRow = {
  readonly assetId: AssetId
  readonly name: string
  readonly now: WeightCell
  readonly projected: WeightCell
  readonly target: WeightCell
  /** What the plan adds to the asset's value; negative where it is sold. */
  readonly changeUsd: bigint
}

export type WeightCell = { readonly bps: number; readonly text: string }

/** One swap of a leg's way. */
export type HopView = {
  readonly from: string
  readonly to: string
  readonly venue: string
  readonly fee: string
  readonly pool: PoolId
}

/** One leg as it is listed. */
export type LegView = {
  readonly key: string
  readonly sell: AmountView
  readonly buy: AmountView
  /** Missing where the leg has none of its own: what it buys is held to the purchase's. */
  readonly minimumOut: bigint | undefined
  /** What of it is only passed through the router: what it sells came from earlier legs, what it buys goes on to later ones. */
  readonly passing: string | undefined
  readonly hops: readonly HopView[]
  readonly soldUsd: bigint
  readonly feeUsd: bigint
  readonly impactUsd: bigint
  readonly impactBps: number
  readonly gasUsd: bigint
}

/** What arrives of one bought asset over all legs: as quoted, and at least. */
export type PurchaseView = {
  readonly assetId: AssetId
  readonly minimum: AmountView
  readonly quoted: AmountView
  /** How far the minimum lies below the quote, in hundredths of a basis point. */
  readonly marginCentiBps: number
}

/** One part of the cost, with its share of the bar in percent. */
export type CostPart = {
  readonly kind: 'fee' | 'impact' | 'gas'
  readonly label: string
  readonly usd: bigint
  readonly sharePercent: number
}

/** Finds a listed asset by its id. */
export function findAsset(assets: readonly Asset[], assetId: AssetId): Asset | undefined {
  return assets.find(({ id }) => id === assetId)
}

/** Finds a listed token by its contract. */
export function findToken(assets: readonly Asset[], address: Address): Token | undefined {
  const wanted = address.toLowerCase()
  return assets.flatMap(({ tokens }) => tokens).find((token) => token.address.toLowerCase() === wanted)
}

/** The rows of "now, projected, target", without the assets that are at zero throughout. */
export function toWeightRows(plan: RebalancePlan, assets: readonly Asset[]): readonly WeightRow[] {
  const { positions } = plan
  const nowTexts = formatWeights(positions.map(({ nowBps }) => nowBps))
  const projectedTexts = formatWeights(positions.map(({ projectedBps }) => projectedBps))
  const targetTexts = formatWeights(positions.map(({ targetBps }) => targetBps))
  return positions
    .map((position, index) => ({
      assetId: position.assetId,
      name: findAsset(assets, position.assetId)?.name ?? position.assetId,
      now: { bps: position.nowBps, text: nowTexts[index] ?? '' },
      projected: { bps: position.projectedBps, text: projectedTexts[index] ?? '' },
      target: { bps: position.targetBps, text: targetTexts[index] ?? '' },
      changeUsd: position.projectedUsd - position.nowUsd,
    }))
    .filter(({ now, projected, target }) => now.bps + projected.bps + target.bps > 0)
}

/** The version of Uniswap that a pool belongs to. */
export function venueOf(kind: HopPool['kind']): string {
  switch (kind) {
    case 'constantProduct':
      return 'v2'
    case 'concentrated':
      return 'v3'
    case 'singleton':
      return 'v4'
    default:
      return assertNever(kind)
  }
}

/** Which token of an asset a leg takes from the account; what the router passes on goes by the asset's own name. */
function soldToken({ paidFrom, hops }: Leg, assets: readonly Asset[]): Token | undefined {
  switch (paidFrom) {
    case 'native':
      return findToken(assets, nativeAddress)
    case 'token':
      return findToken(assets, hops[0].tokenIn)
    case 'router':
      return undefined
    default:
      return assertNever(paidFrom)
  }
}

function amountOf(assets: readonly Asset[], assetId: AssetId, amount: bigint, token?: Token): AmountView {
  const asset = findAsset(assets, assetId)
  return { amount, decimals: asset?.decimals ?? 18, symbol: token?.symbol ?? asset?.id ?? assetId }
}

/** What of a leg begins or ends in the router, where the account neither gives nor gets it. */
function describePassing({ sell, buy }: Leg, { sold, bought }: ReturnType<typeof listTraded>): string | undefined {
  const [isFromLegs, isForLegs] = [!sold.includes(sell), !bought.includes(buy)]
  if (isFromLegs && isForLegs) return `${sell} from earlier trades, ${buy} for later ones`
  if (isFromLegs) return `${sell} from earlier trades`
  return isForLegs ? `${buy} for later trades` : undefined
}

/** The legs in the order of execution. */
export function toLegViews(plan: RebalancePlan, assets: readonly Asset[]): readonly LegView[] {
  const traded = listTraded(plan)
  return plan.legs.map((leg, index) => ({
    key: `${index}-${leg.sell}-${leg.buy}`,
    sell: amountOf(assets, leg.sell, leg.amountIn, soldToken(leg, assets)),
    buy: amountOf(assets, leg.buy, leg.quotedOut),
    minimumOut: leg.minimumOut > 0n ? leg.minimumOut : undefined,
    passing: describePassing(leg, traded),
    hops: leg.hops.map(({ sell, buy, pool }) => ({
      from: sell,
      to: buy,
      venue: venueOf(pool.kind),
      fee: formatFeePips(pool.feePips),
      pool: pool.id,
    })),
    soldUsd: leg.soldUsd,
    feeUsd: leg.feeUsd,
    impactUsd: leg.impactUsd,
    impactBps: leg.impactBps,
    gasUsd: plan.gas.units === 0n ? 0n : mulDivUp(plan.gas.usd, leg.gas, plan.gas.units),
  }))
}

/** What is bought, in the order of the plan, each with what the bundle holds the pools to. */
export function toPurchaseViews({ purchases }: RebalancePlan, assets: readonly Asset[]): readonly PurchaseView[] {
  return purchases.map(({ assetId, token, quotedOut, minimumOut }) => ({
    assetId,
    minimum: amountOf(assets, assetId, minimumOut, findToken(assets, token)),
    quoted: amountOf(assets, assetId, quotedOut, findToken(assets, token)),
    // {cbps} = {units} * {cbps} / {units}
    marginCentiBps: quotedOut === 0n ? 0 : Number(((quotedOut - minimumOut) * 1_000_000n) / quotedOut),
  }))
}

/** Fee, impact and gas with their shares of what is paid; what comes back (a negative impact) has no share. */
export function toCostParts(cost: PlanCost): readonly CostPart[] {
  const parts = [
    { kind: 'fee', label: 'Pool fees', usd: cost.feeUsd },
    { kind: 'impact', label: 'Price impact', usd: cost.impactUsd },
    { kind: 'gas', label: 'Gas', usd: cost.gasUsd },
  ] as const
  const paid = parts.reduce((sum, { usd }) => (usd > 0n ? sum + usd : sum), 0n)
  return parts.map((part) => ({
    ...part,
    sharePercent: paid === 0n || part.usd <= 0n ? 0 : Number((part.usd * 1000n) / paid) / 10,
  }))
}

/** The assets that a plan sells and buys, each once. What is only passed through is neither. */
export function listTraded({ spendings, purchases }: RebalancePlan): {
  readonly sold: readonly AssetId[]
  readonly bought: readonly AssetId[]
} {
  return {
    sold: [...new Set(spendings.map(({ assetId }) => assetId))],
    bought: [...new Set(purchases.map(({ assetId }) => assetId))],
  }
}
