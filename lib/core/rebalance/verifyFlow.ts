import { singletonFeePips } from '../amm/singletonSwap'
import { type AssetId, nativeAddress } from '../asset'
import type { Leg, Purchase, RebalancePlan } from './plan'
import { demand, freshPriceOf, pipsWhole, type Readings, whole } from './planPromises'
import type { PlanRequest } from './planRequest'

/**
 * What a plan through the Universal Router promises: each leg is one pool, which is called once; all of an asset is there before any of
 * it goes on; no purse is overdrawn, and what is left at the end is what is bought, with minimums that hold back the whole flow.
 */
export function verifyFlow(plan: RebalancePlan, request: PlanRequest, readings: Readings): void {
  demand(request.rung === 'atomicBatch', 'order', 'the Universal Router is used without a batch')
  verifyOrder(plan)
  verifyPurses(plan, request)
  for (const purchase of plan.purchases) verifyPurchase(purchase, plan, { request, readings })
}

/** Each pool once; nothing arrives of an asset after some of it went on, so that there are no circles either. */
function verifyOrder({ legs, purchases }: RebalancePlan): void {
  const pools = new Set<string>()
  const leftBehind = new Set<AssetId>()
  for (const { sell, buy, hops, paidTo, minimumOut, oracleFloor, quotedOut } of legs) {
    demand(hops.length === 1, 'order', 'a leg has more than one pool')
    demand(!pools.has(hops[0].pool.id), 'order', 'a pool is called twice')
    pools.add(hops[0].pool.id)
    leftBehind.add(sell)
    demand(!leftBehind.has(buy), 'A-17', `${buy} arrives after some of it went on`)
    demand(oracleFloor === 0n, 'A-07', 'a leg has a floor of its own')
    if (paidTo === 'router') {
      demand(minimumOut === 0n, 'A-07', 'a leg has a minimum half-way')
      continue
    }
    const purchase = purchases.find(({ assetId }) => assetId === buy)
    demand(purchase?.quotedOut === quotedOut, 'sums', 'a leg pays the account only a part of a purchase')
    demand(purchase?.minimumOut === minimumOut, 'A-07', 'a leg has another minimum than its purchase')
    demand(purchase?.token === hops[0].tokenOut, 'order', 'a leg pays the account in another token')
  }
}

/** Runs the legs over purses by token: native and wrapped coin are two, of which one may be turned into the other once. */
function verifyPurses({ legs, spendings, purchases }: RebalancePlan, { wrappedNative }: PlanRequest): void {
  const native = nativeAddress.toLowerCase()
  const wrapped = wrappedNative.toLowerCase()
  const purses = new Map<string, bigint>()
  const heldOf = (token: string) => purses.get(token) ?? 0n
  const add = (token: string, amount: bigint) => purses.set(token, heldOf(token) + amount)
  for (const { token, amount } of spendings) add(token.toLowerCase(), amount)
  let conversions = 0
  for (const leg of legs) {
    const [hop] = leg.hops
    const [tokenIn, tokenOut] = [hop.tokenIn.toLowerCase(), hop.tokenOut.toLowerCase()]
    verifyPayer(leg, legs, spendings)
    const other = tokenIn === native ? wrapped : tokenIn === wrapped ? native : undefined
    if (heldOf(tokenIn) < leg.amountIn && other !== undefined && heldOf(other) > 0n) {
      conversions += 1
      add(tokenIn, heldOf(other))
      purses.set(other, 0n)
    }
    demand(heldOf(tokenIn) >= leg.amountIn, 'A-14', 'a leg spends what is not in the router yet')
    add(tokenIn, -leg.amountIn)
    if (leg.paidTo === 'router') add(tokenOut, leg.quotedOut)
  }
  demand(conversions <= 1, 'order', 'native and wrapped coin are turned into each other more than once')
  for (const { assetId, token, quotedOut } of purchases) {
    if (legs.some(({ buy, paidTo }) => buy === assetId && paidTo === 'account')) continue
    const tokens = token.toLowerCase() === native ? [native, wrapped] : [token.toLowerCase()]
    const held = tokens.reduce((sum, one) => sum + heldOf(one), 0n)
    demand(held === quotedOut, 'sums', `the router ends with another amount of ${assetId} than is bought`)
    for (const one of tokens) purses.delete(one)
  }
  for (const amount of purses.values()) demand(amount === 0n, 'sums', 'something stays in the router')
}

/** A leg takes from the account only what nobody else takes, and only where nothing of it stands in the router. */
function verifyPayer(leg: Leg, legs: readonly Leg[], spendings: RebalancePlan['spendings']): void {
  if (leg.paidFrom === 'router') return
  const tokenIn = leg.hops[0].tokenIn.toLowerCase()
  const isFed = legs.some(({ buy }) => buy === leg.sell)
  const own = spendings.filter(({ assetId }) => assetId === leg.sell)
  demand(!isFed && own.length === 1, 'order', 'a leg is paid from the account beside other funds')
  const [spending] = own
  demand(spending?.token.toLowerCase() === tokenIn, 'order', 'a leg is paid in another token than it sells')
  const isNative = tokenIn === nativeAddress.toLowerCase()
  demand(isNative === (leg.paidFrom === 'native'), 'order', 'a leg is paid in another form than it sells')
  if (isNative) return
  const pulled = legs.filter((other) => other.sell === leg.sell && other.paidFrom === 'token')
  const amount = pulled.reduce((sum, { amountIn }) => sum + amountIn, 0n)
  demand(spending?.amount === amount, 'order', 'legs pull another amount than is spent')
}

/** the minimum lies between what slippage and oracle ask for and what is quoted; A-21: rounded up. */
function verifyPurchase(
  { assetId, quotedOut, minimumOut, oracleFloor }: Purchase,
  plan: RebalancePlan,
  { request, readings }: { readonly request: PlanRequest; readonly readings: Readings },
): void {
  const { settings, oracleToleranceBps } = request
  const price = freshPriceOf(readings, assetId)
  const payers = listPayers(assetId, plan)
  const isStable = price.isStable && payers.every((payer) => freshPriceOf(readings, payer).isStable)
  const slippage = isStable ? Math.min(settings.slippageBps, settings.stableSlippageBps) : settings.slippageBps
  demand(
    minimumOut * whole >= quotedOut * (whole - BigInt(slippage)),
    'A-20',
    'a minimum allows more slippage than set',
  )
  const unit = measureUnit(assetId, plan, { request, readings })
  const tolerance = BigInt(oracleToleranceBps ?? 100)
  // {out} * {usd/token} / {out/token} >= {out} * ({usd/out} kept - {usd/out} gross * tolerance/whole), without divisions
  const owed = quotedOut * (unit.kept * whole - unit.gross * tolerance) * price.unit
  demand(oracleFloor * price.usd * unit.of * whole >= owed, 'A-07', `${assetId} may pay less than the oracle floor`)
}

/** Assets of the account from which something flows to an asset. */
function listPayers(assetId: AssetId, { legs, spendings }: RebalancePlan): readonly AssetId[] {
  const reached = new Set([assetId])
  for (const { sell, buy } of [...legs].reverse()) if (reached.has(buy)) reached.add(sell)
  return [...new Set(spendings.map((spending) => spending.assetId))].filter((id) => reached.has(id))
}

/** The oracle's worth of what was given for one base unit of an asset, before and after fees: `gross/of` and `kept/of`. */
type UnitWorth = { readonly gross: bigint; readonly kept: bigint; readonly of: bigint }

function measureUnit(
  assetId: AssetId,
  plan: RebalancePlan,
  given: { readonly request: PlanRequest; readonly readings: Readings },
): UnitWorth {
  const pools = new Map(given.request.snapshot.pools.map((pool) => [pool.id, pool]))
  let [gross, kept, of, units] = [0n, 0n, 1n, 0n]
  const add = (more: UnitWorth) => {
    gross = gross * more.of + more.gross * of
    kept = kept * more.of + more.kept * of
    of *= more.of
  }
  for (const { amount } of plan.spendings.filter((spending) => spending.assetId === assetId)) {
    const { usd, unit } = freshPriceOf(given.readings, assetId)
    units += amount
    add({ gross: amount * usd, kept: amount * usd, of: unit })
  }
  for (const { sell, amountIn, quotedOut, hops } of plan.legs.filter(({ buy }) => buy === assetId)) {
    const sold = measureUnit(sell, plan, given)
    const pool = pools.get(hops[0].pool.id)
    const isFirst = pool?.token0 === hops[0].tokenIn
    const feePips = pool?.kind === 'singleton' ? singletonFeePips(pool, isFirst) : hops[0].pool.feePips
    units += quotedOut
    add({
      gross: amountIn * sold.gross * pipsWhole,
      kept: amountIn * sold.kept * (pipsWhole - BigInt(feePips)),
      of: sold.of * pipsWhole,
    })
  }
  return { gross, kept, of: of * (units === 0n ? 1n : units) }
}
