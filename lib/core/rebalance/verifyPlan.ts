import { swapExactIn } from '../amm/swapExactIn'
import { nativeAddress } from '../asset'
import { hasBounds, openPolicy, rebalanceMode } from '../policy/policy'
import type { Pool } from '../snapshot'
import { bpsWhole } from '../units'
import type { RebalancePlan } from './plan'
import { demand, freshPriceOf, pipsWhole, type Readings, UnverifiedPlanError, whole } from './planPromises'
import type { PlanRequest } from './planRequest'
import { verifyCalls } from './verifyCalls'
import { verifyFlow } from './verifyFlow'
import { verifyPaths } from './verifyPaths'
import { verifyPolicy } from './verifyPolicy'

const maxDeadlineSeconds = 600
const maxImpactBps = 500n
const gasReserves = 3n

/**
 * Checks a plan against its request from scratch, sharing nothing with the planner but the pool arithmetic: exact replay, amounts
 * held, minimums, floors, order of the legs, no circles, calls, drift, sums, deadline.
 * @throws {UnverifiedPlanError} when any promise is broken.
 */
export function verifyPlan(plan: RebalancePlan, request: PlanRequest): void {
  const { snapshot } = request
  demand(
    plan.chainId === snapshot.chainId && plan.account === snapshot.account,
    'A-24',
    'it is for another account or chain',
  )
  demand(plan.block.hash === snapshot.block.hash, 'A-24', 'it was made at another block')
  const seconds = plan.deadline - snapshot.block.timestamp
  demand(seconds > 0 && seconds <= maxDeadlineSeconds, 'A-23', `its deadline lies ${seconds} s after the block`)
  const readings: Readings = new Map(snapshot.assets.map((reading) => [reading.asset.id, reading]))
  verifyReplay(plan, request)
  verifyEnds(plan)
  if (plan.router === 'swapRouter02') verifyPaths(plan, request, readings)
  else verifyFlow(plan, request, readings)
  verifyTotals(plan, readings)
  verifyHoldings(plan, request, readings)
  verifyCalls(plan, request)
  verifyPositions(plan, request, readings)
  verifyPolicy(plan, request, readings)
  verifyCosts(plan)
}

/** Every hop pays in the very order of the plan what the pools' integers say, and hops join end to end. */
function verifyReplay({ legs, leftOut }: RebalancePlan, { snapshot, maxLegs }: PlanRequest): void {
  const state = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.id, pool]))
  const unusable = new Set(leftOut.map(({ pool }) => pool.id))
  demand(legs.length <= (maxLegs ?? legs.length), 'legs', 'it has more legs than asked for')
  for (const leg of legs) {
    let assetId = leg.sell
    let amount = leg.amountIn
    for (const hop of leg.hops) {
      const pool = state.get(hop.pool.id)
      if (!pool) throw new UnverifiedPlanError('A-09', `pool ${hop.pool.id} is not in the snapshot`)
      demand(!unusable.has(hop.pool.id), 'A-09', `pool ${hop.pool.id} is used although it was left out`)
      demand(
        pool.kind === hop.pool.kind && pool.feePips === hop.pool.feePips,
        'A-09',
        'a hop names another kind of pool',
      )
      demand(hop.sell === assetId && hop.amountIn === amount, 'replay', 'hops of a leg do not join')
      const joins = (tokenIn: string, tokenOut: string, position: 0 | 1) =>
        hop.tokenIn === tokenIn && hop.tokenOut === tokenOut && pool.assetIds[position] === hop.sell
      demand(
        joins(pool.token0, pool.token1, 0) || joins(pool.token1, pool.token0, 1),
        'A-09',
        'a hop trades tokens that are not in its pool',
      )
      demand(hop.sell !== hop.buy && pool.assetIds.includes(hop.buy), 'A-09', 'a hop buys what its pool does not hold')
      demand(hop.amountIn > 0n, 'replay', 'a hop sells nothing')
      const outcome = swapExactIn({ pool, tokenIn: hop.tokenIn, amountIn: hop.amountIn })
      if (outcome.status !== 'swapped') throw new UnverifiedPlanError('replay', `${hop.pool.id}: ${outcome.status}`)
      demand(outcome.amountOut === hop.amountOut, 'replay', `pool ${hop.pool.id} pays ${outcome.amountOut}`)
      state.set(hop.pool.id, outcome.pool)
      assetId = hop.buy
      amount = hop.amountOut
    }
    demand(assetId === leg.buy && amount === leg.quotedOut && amount > 0n, 'replay', 'a leg does not end in its quote')
  }
}

/** nothing is both spent and bought, and each stands once. */
function verifyEnds({ spendings, purchases }: RebalancePlan): void {
  const spent = new Set(spendings.map(({ assetId }) => assetId))
  for (const { assetId, quotedOut, minimumOut, oracleFloor } of purchases) {
    demand(!spent.has(assetId), 'A-17', `${assetId} is both sold and bought`)
    demand(quotedOut > 0n, 'replay', `nothing of ${assetId} is bought`)
    demand(minimumOut <= quotedOut, 'A-07', `${assetId} asks for more than is quoted`)
    demand(minimumOut >= oracleFloor, 'A-07', 'a minimum lies below the oracle floor')
  }
  demand(new Set(purchases.map(({ assetId }) => assetId)).size === purchases.length, 'sums', 'an asset is bought twice')
  const tokens = new Set(spendings.map(({ token }) => token.toLowerCase()))
  demand(tokens.size === spendings.length, 'sums', 'a token is spent twice')
  demand(
    spendings.every(({ amount }) => amount > 0n),
    'sums',
    'nothing is spent of a token',
  )
}

/** POLICY: no leg, and not all of them together, may lose more than 5 % against the oracle beyond the fees. */
function verifyTotals({ legs, spendings }: RebalancePlan, readings: Readings): void {
  let lostUsd = 0n
  for (const leg of legs) {
    const sell = freshPriceOf(readings, leg.sell)
    const buy = freshPriceOf(readings, leg.buy)
    const sold = (leg.amountIn * sell.usd) / sell.unit
    const bought = (leg.quotedOut * buy.usd) / buy.unit
    const lost = sold - leg.feeUsd - bought
    demand(lost * whole <= sold * maxImpactBps, 'impact', `${leg.sell} to ${leg.buy} loses more than 5 %`)
    demand(lost === leg.impactUsd && sold === leg.soldUsd, 'impact', 'a leg misstates its impact')
    const hop = leg.hops.reduce((most, { pool }) => Math.max(most, pool.feePips), 0)
    demand(leg.feeUsd * pipsWhole >= sold * BigInt(hop), 'impact', 'a leg states less than its fee')
    lostUsd += lost
  }
  const spentUsd = spendings.reduce((sum, { assetId, amount }) => {
    const { usd, unit } = freshPriceOf(readings, assetId)
    return sum + (amount * usd) / unit
  }, 0n)
  demand(lostUsd * whole <= spentUsd * maxImpactBps, 'impact', 'the legs together lose more than 5 %')
}

/** no token is sold beyond its balance, the wrapped coin before the native one, and the native reserve stays. */
function verifyHoldings(plan: RebalancePlan, request: PlanRequest, readings: Readings): void {
  const { settings, nativeReserveFloor, maxFeePerGas, wrappedNative } = request
  const sold = new Map(plan.spendings.map(({ token, amount }) => [token.toLowerCase(), amount]))
  const native = nativeAddress.toLowerCase()
  const nativeSold = sold.get(native) ?? 0n
  let nativeBalance = 0n
  for (const { tokens } of readings.values()) {
    for (const { token, balance } of tokens) {
      if (balance.status !== 'known')
        throw new UnverifiedPlanError('A-33', `the balance of ${token.symbol} is not known`)
      const address = token.address.toLowerCase()
      const amount = sold.get(address) ?? 0n
      demand(amount <= balance.amount, 'A-14', `more ${token.symbol} is sold than held`)
      if (address === native) nativeBalance = balance.amount
      const isWrapped = address === wrappedNative.toLowerCase()
      if (isWrapped && nativeSold > 0n) demand(amount === balance.amount, 'order', 'the wrapped coin is not sold first')
      sold.delete(address)
    }
  }
  demand(sold.size === 0, 'A-09', 'a token is sold that is not in the snapshot')
  const gas = plan.gas.units * maxFeePerGas
  for (const least of [settings.nativeReserve, nativeReserveFloor, gasReserves * gas]) {
    demand(plan.nativeReserve >= least, 'A-14', 'the native reserve is smaller than it must be')
  }
  demand(nativeSold === 0n || nativeBalance - nativeSold >= plan.nativeReserve, 'A-14', 'the native reserve is sold')
  demand(nativeBalance - nativeSold >= gas, 'A-14', 'the gas cannot be paid')
}

/** the drift falls. Columns sum to 10 000, amounts follow from what is spent and bought. */
function verifyPositions(
  { positions, spendings, purchases }: RebalancePlan,
  { settings, mode }: PlanRequest,
  readings: Readings,
): void {
  for (const column of ['nowBps', 'projectedBps'] as const) {
    const sum = positions.reduce((total, position) => total + position[column], 0)
    demand(sum === bpsWhole, 'sums', `${column} sum to ${sum}`)
  }
  const seen = new Set(positions.map(({ assetId }) => assetId))
  demand(seen.size === positions.length, 'sums', 'an asset stands twice')
  for (const { assetId } of [...spendings, ...purchases]) demand(seen.has(assetId), 'sums', 'a traded asset has no row')
  for (const position of positions) {
    const reading = readings.get(position.assetId)
    const held = (reading?.tokens ?? []).reduce(
      (sum, { balance }) => sum + (balance.status === 'known' ? balance.amount : 0n),
      0n,
    )
    const spent = spendings.reduce((sum, one) => (one.assetId === position.assetId ? sum + one.amount : sum), 0n)
    const bought = purchases.find(({ assetId }) => assetId === position.assetId)?.quotedOut ?? 0n
    demand(position.nowAmount === held, 'A-14', `${position.assetId} is not held as stated`)
    demand(
      position.projectedAmount === held - spent + bought,
      'sums',
      `${position.assetId} does not end as the legs say`,
    )
  }
  // Where limits keep assets from their targets, or cash is what counts, the drift against the targets says nothing.
  if ((mode ?? rebalanceMode).kind !== 'rebalance' || hasBounds(settings.policy ?? openPolicy)) return
  const drift = (usdOf: (position: (typeof positions)[number]) => bigint) => {
    const total = positions.reduce((sum, position) => sum + usdOf(position), 0n)
    const distance = positions.reduce((sum, position) => {
      const part = usdOf(position) * whole - BigInt(position.targetBps) * total
      return sum + (part < 0n ? -part : part)
    }, 0n)
    return { distance, total }
  }
  const before = drift(({ nowUsd }) => nowUsd)
  const after = drift(({ projectedUsd }) => projectedUsd)
  demand(after.distance * before.total < before.distance * after.total, 'A-16', 'the total drift does not fall')
}

function verifyCosts({ cost, legs, gas, certificate }: RebalancePlan): void {
  const feeUsd = legs.reduce((sum, leg) => sum + leg.feeUsd, 0n)
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  demand(
    cost.feeUsd === feeUsd && cost.impactUsd === impactUsd && cost.gasUsd === gas.usd,
    'sums',
    'costs do not add up',
  )
  demand(cost.totalUsd === feeUsd + impactUsd + gas.usd, 'sums', 'the total cost does not add up')
  demand(
    certificate.gapBps >= 0 && Number.isFinite(certificate.gapBps),
    'certificate',
    'the gap is not a number from 0',
  )
}
