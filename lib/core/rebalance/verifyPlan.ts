import { swapExactIn } from '../amm/swapExactIn'
import { type AssetId, nativeAddress } from '../asset'
import type { AssetReading, Pool } from '../snapshot'
import { bpsWhole } from '../units'
import type { Leg, RebalancePlan } from './plan'
import type { PlanRequest } from './planRequest'

/** A plan that breaks one of its promises. It must not be shown or signed. */
export class UnverifiedPlanError extends Error {
  override readonly name = 'UnverifiedPlanError'
  constructor(
    /** The invariant, such as `A-14`. */
    readonly rule: string,
    readonly detail: string,
  ) {
    super(`The plan breaks ${rule}: ${detail}. Do not sign it; plan again, and report this.`)
  }
}

const whole = BigInt(bpsWhole)
const pipsWhole = 1_000_000n
const maxDeadlineSeconds = 600
const maxImpactBps = 500n
const gasReserves = 3n

function demand(holds: boolean, rule: string, detail: string): void {
  if (!holds) throw new UnverifiedPlanError(rule, detail)
}

/**
 * Checks a plan against its request from scratch, sharing nothing with the planner but the pool arithmetic: exact replay, amounts
 * held, minimums, floors, order of the legs, no circles, drift, sums, deadline.
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
  const readingOf = new Map(snapshot.assets.map((reading) => [reading.asset.id, reading]))
  verifyReplay(plan, request)
  for (const leg of plan.legs) verifyMinimum(leg, request, readingOf)
  verifyTotals(plan.legs, readingOf)
  verifyHoldings(plan, request, readingOf)
  verifyOrder(plan.legs, request)
  verifyPositions(plan, readingOf)
  verifyCosts(plan)
}

/** Every hop pays in the very order of the plan what the pools' integers say, and hops join end to end. */
function verifyReplay({ legs }: RebalancePlan, { snapshot }: PlanRequest): void {
  const state = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.address, pool]))
  for (const leg of legs) {
    let assetId = leg.sell
    let amount = leg.amountIn
    for (const hop of leg.hops) {
      const pool = state.get(hop.pool.address)
      if (!pool) throw new UnverifiedPlanError('A-09', `pool ${hop.pool.address} is not in the snapshot`)
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
      if (outcome.status !== 'swapped')
        throw new UnverifiedPlanError('replay', `${hop.pool.address}: ${outcome.status}`)
      demand(outcome.amountOut === hop.amountOut, 'replay', `pool ${hop.pool.address} pays ${outcome.amountOut}`)
      state.set(hop.pool.address, outcome.pool)
      assetId = hop.buy
      amount = hop.amountOut
    }
    demand(assetId === leg.buy && amount === leg.quotedOut && amount > 0n, 'replay', 'a leg does not end in its quote')
  }
}

type Readings = ReadonlyMap<AssetId, AssetReading>

function freshPriceOf(
  readings: Readings,
  assetId: AssetId,
): { readonly usd: bigint; readonly unit: bigint; readonly isStable: boolean } {
  const reading = readings.get(assetId)
  if (reading?.price.status !== 'fresh') throw new UnverifiedPlanError('A-33', `${assetId} has no fresh price`)
  return { usd: reading.price.usd, unit: 10n ** BigInt(reading.asset.decimals), isStable: reading.asset.isStable }
}

/** the minimum lies between what slippage and oracle ask for and what is quoted; A-21: rounded up. */
function verifyMinimum(leg: Leg, { settings, oracleToleranceBps }: PlanRequest, readings: Readings): void {
  const sell = freshPriceOf(readings, leg.sell)
  const buy = freshPriceOf(readings, leg.buy)
  const isStablePair = sell.isStable && buy.isStable
  const slippage = isStablePair ? Math.min(settings.slippageBps, settings.stableSlippageBps) : settings.slippageBps
  demand(leg.minimumOut <= leg.quotedOut, 'A-07', `${leg.sell} to ${leg.buy} asks for more than is quoted`)
  demand(
    leg.minimumOut * whole >= leg.quotedOut * (whole - BigInt(slippage)),
    'A-20',
    'a minimum allows more slippage than set',
  )
  demand(leg.minimumOut >= leg.oracleFloor, 'A-07', 'a minimum lies below the oracle floor')
  let kept = 1n
  let of = 1n
  for (const { pool } of leg.hops) {
    kept *= pipsWhole - BigInt(pool.feePips)
    of *= pipsWhole
  }
  const tolerance = BigInt(oracleToleranceBps ?? 100)
  // {out} * {usd/out} / {out/token} >= {in} * {usd/in} / {in/token} * (kept/of - tolerance/whole), without divisions
  const paid = leg.minimumOut * buy.usd * sell.unit * of * whole
  const owed = leg.amountIn * sell.usd * buy.unit * (kept * whole - tolerance * of)
  demand(paid >= owed, 'A-07', `${leg.sell} to ${leg.buy} may pay less than the oracle floor`)
}

/** POLICY: no leg, and not all of them together, may lose more than 5 % against the oracle beyond the fees. */
function verifyTotals(legs: readonly Leg[], readings: Readings): void {
  let soldUsd = 0n
  let lostUsd = 0n
  for (const leg of legs) {
    const sell = freshPriceOf(readings, leg.sell)
    const buy = freshPriceOf(readings, leg.buy)
    const sold = (leg.amountIn * sell.usd) / sell.unit
    const bought = (leg.quotedOut * buy.usd) / buy.unit
    const lost = sold - leg.feeUsd - bought
    demand(lost * whole <= sold * maxImpactBps, 'impact', `${leg.sell} to ${leg.buy} loses more than 5 %`)
    demand(lost === leg.impactUsd && sold === leg.soldUsd, 'impact', 'a leg misstates its impact')
    soldUsd += sold
    lostUsd += lost
  }
  demand(lostUsd * whole <= soldUsd * maxImpactBps, 'impact', 'the legs together lose more than 5 %')
}

/** no token is sold beyond its balance, and the native reserve stays. */
function verifyHoldings(plan: RebalancePlan, request: PlanRequest, readings: Readings): void {
  const { settings, nativeReserveFloor, maxFeePerGas } = request
  const sold = new Map<string, bigint>()
  for (const { paidFrom, hops, amountIn } of plan.legs) {
    const token = (paidFrom === 'native' ? nativeAddress : hops[0].tokenIn).toLowerCase()
    sold.set(token, (sold.get(token) ?? 0n) + amountIn)
  }
  let nativeBalance = 0n
  for (const { tokens } of readings.values()) {
    for (const { token, balance } of tokens) {
      if (balance.status !== 'known')
        throw new UnverifiedPlanError('A-33', `the balance of ${token.symbol} is not known`)
      const address = token.address.toLowerCase()
      demand((sold.get(address) ?? 0n) <= balance.amount, 'A-14', `more ${token.symbol} is sold than held`)
      if (address === nativeAddress.toLowerCase()) nativeBalance = balance.amount
      else sold.delete(address)
    }
  }
  const nativeSold = sold.get(nativeAddress.toLowerCase()) ?? 0n
  sold.delete(nativeAddress.toLowerCase())
  demand(sold.size === 0, 'A-09', 'a token is sold that is not in the snapshot')
  const gas = plan.gas.units * maxFeePerGas
  for (const least of [settings.nativeReserve, nativeReserveFloor, gasReserves * gas]) {
    demand(plan.nativeReserve >= least, 'A-14', 'the native reserve is smaller than it must be')
  }
  demand(nativeSold === 0n || nativeBalance - nativeSold >= plan.nativeReserve, 'A-14', 'the native reserve is sold')
  demand(nativeBalance - nativeSold >= gas, 'A-14', 'the gas cannot be paid')
}

/** A-17 and the router's rules: nothing both sold and bought, native legs first, legs that leave the wrapped coin behind last. */
function verifyOrder(legs: readonly Leg[], { wrappedNative }: PlanRequest): void {
  const sold = new Set(legs.map(({ sell }) => sell))
  for (const { buy } of legs) demand(!sold.has(buy), 'A-17', `${buy} is both sold and bought`)
  for (const { sell, hops } of legs) {
    const visited = [sell, ...hops.map(({ buy }) => buy)]
    demand(new Set(visited).size === visited.length, 'A-17', 'a leg runs in a circle')
  }
  const wrapped = wrappedNative.toLowerCase()
  const group = ({ paidFrom, hops }: Leg) => {
    if (paidFrom === 'native') {
      demand(hops[0].tokenIn.toLowerCase() === wrapped, 'order', 'a native leg does not begin with the wrapped coin')
      return 0
    }
    return hops[hops.length - 1]?.tokenOut.toLowerCase() === wrapped ? 2 : 1
  }
  const groups = legs.map(group)
  const isOrdered = groups.every((value, position) => value >= (groups[position - 1] ?? 0))
  demand(isOrdered, 'order', 'native legs must stand first and legs that buy the native coin last')
}

/** the drift falls. Columns sum to 10 000, amounts follow from the legs. */
function verifyPositions({ positions, legs }: RebalancePlan, readings: Readings): void {
  for (const column of ['nowBps', 'projectedBps'] as const) {
    const sum = positions.reduce((total, position) => total + position[column], 0)
    demand(sum === bpsWhole, 'sums', `${column} sum to ${sum}`)
  }
  const seen = new Set(positions.map(({ assetId }) => assetId))
  demand(seen.size === positions.length, 'sums', 'an asset stands twice')
  for (const { sell, buy } of legs) demand(seen.has(sell) && seen.has(buy), 'sums', 'a traded asset has no row')
  for (const position of positions) {
    const reading = readings.get(position.assetId)
    const held = (reading?.tokens ?? []).reduce(
      (sum, { balance }) => sum + (balance.status === 'known' ? balance.amount : 0n),
      0n,
    )
    const change = legs.reduce((sum, { sell, buy, amountIn, quotedOut }) => {
      return sum - (sell === position.assetId ? amountIn : 0n) + (buy === position.assetId ? quotedOut : 0n)
    }, 0n)
    demand(position.nowAmount === held, 'A-14', `${position.assetId} is not held as stated`)
    demand(position.projectedAmount === held + change, 'sums', `${position.assetId} does not end as the legs say`)
  }
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
