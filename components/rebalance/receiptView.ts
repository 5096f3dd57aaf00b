import type { Asset, AssetId } from '@/lib/core/asset'
import { nativeAddress } from '@/lib/core/asset'
import type { ExecutionOutcome } from '@/lib/core/execution/outcome'
import { type Position, usdValue } from '@/lib/core/portfolio/portfolio'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { type Address, toBps, toUsd, type Usd } from '@/lib/core/units'
import { type AmountView, findAsset, findToken, toWeightRows, type WeightRow } from './planView'

/** Quoted against received, for one leg or for one bought asset. */
export type ReceiptLine = {
  readonly key: string
  readonly sell?: AmountView
  readonly quoted: AmountView
  readonly received: AmountView
  /** Missing for a leg that has none of its own. */
  readonly minimum: AmountView | undefined
  /** Received less quoted, in hundredths of a basis point of what was quoted; rounded down. */
  readonly differenceCentiBps: number
}

/** What a rebalance cost in the end, at the prices of the plan's block. */
export type PaidCost = {
  readonly feeUsd: bigint
  /** Value given up against the oracle beyond the fees, as executed. */
  readonly impactUsd: bigint
  readonly gasUsd: bigint
  readonly totalUsd: bigint
}

function differenceOf(quoted: bigint, received: bigint): number {
  if (quoted === 0n) return 0
  const scaled = (received - quoted) * 1_000_000n
  const down = scaled < 0n && scaled % quoted !== 0n ? scaled / quoted - 1n : scaled / quoted
  return Number(down)
}

function amountOf(assets: readonly Asset[], assetId: AssetId, amount: bigint): AmountView {
  return { amount, decimals: findAsset(assets, assetId)?.decimals ?? 18, symbol: assetId }
}

/** One line for each leg, in the order of execution. */
export function toLegLines({ legs }: ExecutionOutcome, assets: readonly Asset[]): readonly ReceiptLine[] {
  return legs.map(({ sell, buy, amountIn, quotedOut, minimumOut, receivedOut }, index) => ({
    key: `${index}-${sell}-${buy}`,
    sell: amountOf(assets, sell, amountIn),
    quoted: amountOf(assets, buy, quotedOut),
    received: amountOf(assets, buy, receivedOut),
    minimum: minimumOut === 0n ? undefined : amountOf(assets, buy, minimumOut),
    differenceCentiBps: differenceOf(quotedOut, receivedOut),
  }))
}

/** One line for each bought token over all legs. */
export function toBoughtLines({ bought }: ExecutionOutcome, assets: readonly Asset[]): readonly ReceiptLine[] {
  return bought.map(({ token, quoted, minimum, received }) => {
    const known = findToken(assets, token)
    const view = (amount: bigint): AmountView => ({
      amount,
      decimals: known?.decimals ?? 18,
      symbol: known?.symbol ?? (token === nativeAddress ? 'ETH' : token),
    })
    return {
      key: token,
      quoted: view(quoted),
      received: view(received),
      minimum: view(minimum),
      differenceCentiBps: differenceOf(quoted, received),
    }
  })
}

const isSame = (a: Address, b: Address) => a.toLowerCase() === b.toLowerCase()

/** The sum, or nothing where a part is not known. */
function sumKnown(parts: readonly (bigint | undefined)[]): bigint | undefined {
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0n)
}

/**
 * What was paid, at the prices of the plan's block. Nothing where a price is not known.
 * {usd} = {units} * {usd/token} / {units/token}
 */
export function measurePaidCost(
  outcome: Pick<ExecutionOutcome, 'bought' | 'gasPaid'>,
  {
    plan,
    prices,
    assets,
  }: {
    readonly plan: Pick<RebalancePlan, 'cost' | 'spendings'>
    readonly prices: readonly { readonly assetId: AssetId; readonly usd: Usd }[]
    readonly assets: readonly Asset[]
  },
): PaidCost | undefined {
  const worthOf = (token: Address, amount: bigint): bigint | undefined => {
    const asset = assets.find(({ tokens }) => tokens.some(({ address }) => isSame(address, token)))
    const price = prices.find(({ assetId }) => assetId === asset?.id)
    return price === undefined || asset === undefined ? undefined : usdValue(amount, asset.decimals, price.usd)
  }
  const gasUsd = worthOf(nativeAddress, outcome.gasPaid)
  if (gasUsd === undefined) return undefined
  const sold = plan.spendings.map(({ token, amount }) => worthOf(token, amount))
  const received = outcome.bought.map((bought) => worthOf(bought.token, bought.received))
  const [soldUsd, receivedUsd] = [sumKnown(sold), sumKnown(received)]
  if (soldUsd === undefined || receivedUsd === undefined) return undefined
  const lostUsd = soldUsd - receivedUsd
  const { feeUsd } = plan.cost
  return { feeUsd, impactUsd: lostUsd - feeUsd, gasUsd, totalUsd: lostUsd + gasUsd }
}

/** Weights before the plan and as they are on chain now, beside the target. */
export function toWeightsAfter(
  plan: RebalancePlan,
  positions: readonly Pick<Position, 'assetId' | 'weightBps' | 'targetBps' | 'valueUsd'>[],
  assets: readonly Asset[],
): readonly WeightRow[] {
  return toWeightRows(
    {
      ...plan,
      positions: positions.map(({ assetId, weightBps, targetBps, valueUsd }) => {
        const planned = plan.positions.find((position) => position.assetId === assetId)
        return {
          assetId,
          nowAmount: planned?.nowAmount ?? 0n,
          nowUsd: planned?.nowUsd ?? toUsd(0n),
          nowBps: planned?.nowBps ?? toBps(0),
          projectedAmount: 0n,
          projectedUsd: valueUsd ?? toUsd(0n),
          projectedBps: weightBps,
          targetBps,
        }
      }),
    },
    assets,
  )
}
