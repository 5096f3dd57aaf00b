import fc from 'fast-check'
import { poolIdOf } from '@/lib/chain/bundle/poolIdOf'
import { localDeployment } from '@/lib/chain/deployments/local'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { Hop, Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import { sumPurchases, sumSpendings } from '@/lib/core/rebalance/sumLegs'
import type { Snapshot, TokenReading } from '@/lib/core/snapshot'
import { type Address, mulDivUp, toUsd, usdUnit } from '@/lib/core/units'
import { blockTimestamp, buildReading, known } from '../builders/snapshot'

/** A plan that its router can execute, with the snapshot that it was made from. Every asset costs one dollar. */
export type PlanCase = { readonly plan: RebalancePlan; readonly snapshot: Snapshot }

const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const ether = 'ETH'
const zeroUsd = toUsd(0n)

type Venue = 'v2' | 100 | 500 | 3000 | 10000
const venue: fc.Arbitrary<Venue> = fc.constantFrom<Venue[]>('v2', 'v2', 100, 500, 3000, 10000)
const others = localDeployment.assets.filter(({ id }) => id !== ether)
const etherAsset = localDeployment.assets.find(({ id }) => id === ether)

type Sketch = {
  readonly assets: readonly Asset[]
  readonly venues: readonly Venue[]
  readonly paidFrom: Leg['paidFrom']
  /** Thousandths of a token. */
  readonly millis: bigint
  readonly slippageBps: bigint
}

const between = (minLength: number, maxLength: number) => fc.shuffledSubarray([...others], { minLength, maxLength })
const etherOf = (assets: readonly Asset[]) => (etherAsset === undefined ? assets : [etherAsset])

function sketch(assets: fc.Arbitrary<readonly Asset[]>, paidFrom: Leg['paidFrom']): fc.Arbitrary<Sketch> {
  return fc.record({
    assets,
    venues: fc.array(venue, { minLength: 5, maxLength: 5 }),
    paidFrom: fc.constant(paidFrom),
    millis: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    slippageBps: fc.bigInt({ min: 0n, max: 90n }),
  })
}

const native = sketch(
  between(1, 3).map((assets) => [...etherOf(assets), ...assets]),
  'native',
)
const wrapped = sketch(
  between(1, 3).map((assets) => [...etherOf(assets), ...assets]),
  'token',
)
const ordinary = sketch(between(2, 4), 'token')
const throughEther = sketch(
  between(2, 3).map(([first, ...rest]) => [...(first === undefined ? [] : [first]), ...etherOf(rest), ...rest]),
  'token',
)
const buysEther = sketch(
  between(1, 3).map((assets) => [...assets, ...etherOf(assets)]),
  'token',
)

function toHops({ assets, venues }: Sketch, amountIn: bigint): readonly Hop[] {
  let amount = amountIn
  return assets.slice(1).map((bought, index): Hop => {
    const sold = assets[index] ?? bought
    const kindOrFee = venues[index] ?? 'v2'
    const amountOut = (amount * 10n ** BigInt(bought.decimals)) / 10n ** BigInt(sold.decimals)
    const hop: Hop = {
      pool: {
        kind: kindOrFee === 'v2' ? 'constantProduct' : 'concentrated',
        id: nativeAddress,
        feePips: kindOrFee === 'v2' ? 3000 : kindOrFee,
      },
      sell: sold.id,
      buy: bought.id,
      tokenIn: sold.poolToken.address,
      tokenOut: bought.poolToken.address,
      amountIn: amount,
      amountOut,
    }
    amount = amountOut
    return { ...hop, pool: { ...hop.pool, id: poolIdOf(hop, localDeployment) } }
  })
}

function toLeg(of: Sketch): Leg | undefined {
  const [sold] = of.assets
  if (sold === undefined) return undefined
  const amountIn = (of.millis * 10n ** BigInt(sold.decimals)) / 1000n
  const [first, ...rest] = toHops(of, amountIn)
  const last = rest.at(-1) ?? first
  if (first === undefined || last === undefined) return undefined
  return {
    sell: sold.id,
    buy: last.buy,
    paidFrom: of.paidFrom,
    paidTo: last.buy === ether ? 'router' : 'account',
    hops: [first, ...rest],
    amountIn,
    quotedOut: last.amountOut,
    minimumOut: mulDivUp(last.amountOut, 10_000n - of.slippageBps, 10_000n),
    oracleFloor: (last.amountOut * 9_900n) / 10_000n,
    soldUsd: zeroUsd,
    feeUsd: zeroUsd,
    impactUsd: 0n,
    impactBps: 0,
    gas: 0n,
  }
}

/** What may already be spent of each listed token: nothing, a little, or more than enough. */
export const allowances = fc.array(fc.constantFrom(0n, 0n, 1n, 10n ** 40n), { minLength: 40, maxLength: 40 })

const block = { number: 7n, hash: `0x${'cd'.repeat(32)}`, timestamp: blockTimestamp, baseFeePerGas: 1n } as const

/** What may be spent already of an ERC-20 of one asset. */
type Allowed = Partial<Pick<TokenReading, 'routerAllowance' | 'permit2Allowance' | 'universalRouterGrant'>>

/** A snapshot of an account that holds plenty of everything. */
export function buildRichSnapshot(allowedOf: (position: number) => Allowed): Snapshot {
  const price = { status: 'fresh', usd: toUsd(usdUnit), updatedAt: blockTimestamp } as const
  return {
    chainId: localDeployment.chainId,
    account,
    block,
    pools: [],
    assets: localDeployment.assets.map((asset, index) => {
      const reading = buildReading({ asset, amounts: asset.tokens.map(() => 10n ** 38n), price })
      const allowed = allowedOf(index)
      const tokens = reading.tokens.map((each) =>
        each.token.address === nativeAddress ? each : { ...each, ...allowed },
      )
      return { ...reading, tokens }
    }),
  }
}

/** What every plan of these arbitraries has, whatever its legs are. */
export function buildPlanAround(
  parts: Pick<RebalancePlan, 'router' | 'legs' | 'spendings' | 'purchases'>,
): RebalancePlan {
  return {
    chainId: localDeployment.chainId,
    account,
    block,
    ...parts,
    leftOut: [],
    positions: [],
    skipped: [],
    cost: { feeUsd: zeroUsd, impactUsd: 0n, gasUsd: zeroUsd, totalUsd: 0n, totalCentiBps: 0 },
    gas: { units: 0n, maxFeePerGas: 0n, usd: zeroUsd },
    certificate: { valueUsd: 0, boundUsd: 0, gapBps: 0, shadowPrices: [], poolUse: [] },
    nativeReserve: 10n ** 16n,
    driftBeforeBps: 0,
    driftAfterBps: 0,
    deadline: blockTimestamp + 600,
    impactLevel: 'quiet',
  }
}

/** Plans for SwapRouter02 of up to ten legs: natively paid first, ether bought last, v2 and v3 mixed in every way. */
export const planArbitrary: fc.Arbitrary<PlanCase> = fc
  .record({
    natives: fc.array(native, { maxLength: 2 }),
    middle: fc.array(fc.oneof(ordinary, throughEther, wrapped), { minLength: 1, maxLength: 5 }),
    buys: fc.array(buysEther, { maxLength: 3 }),
    allowances,
  })
  .map(({ natives, middle, buys, allowances: allowed }): PlanCase => {
    const [first, ...rest] = [...natives, ...middle, ...buys].flatMap((each) => toLeg(each) ?? [])
    if (first === undefined) throw new Error('A plan needs a leg.')
    const legs = [first, ...rest] as const
    const [spending, ...spendings] = sumSpendings(legs)
    const [purchase, ...purchases] = sumPurchases(legs)
    if (spending === undefined || purchase === undefined) throw new Error('A plan sells and buys.')
    return {
      snapshot: buildRichSnapshot((index) => ({ routerAllowance: known(allowed[index] ?? 0n) })),
      plan: buildPlanAround({
        router: 'swapRouter02',
        legs,
        spendings: [spending, ...spendings],
        purchases: [purchase, ...purchases],
      }),
    }
  })
