import fc from 'fast-check'
import { poolIdOf } from '@/lib/chain/bundle/poolIdOf'
import { localDeployment } from '@/lib/chain/deployments/local'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { HopPool, Leg, Purchase, Spending } from '@/lib/core/rebalance/plan'
import { type Address, mulDivUp, toUsd } from '@/lib/core/units'
import { blockTimestamp, known } from '../builders/snapshot'
import { allowances, buildPlanAround, buildRichSnapshot, type PlanCase } from './plans'

const zeroUsd = toUsd(0n)
const ether = 'ETH'

/** Answers that an arbitrary gives one after the other, so that it can shrink them. */
class Tape {
  #position = 0
  constructor(readonly numbers: readonly number[]) {}

  /** A whole number below `limit`. */
  below(limit: number): number {
    const number = this.numbers[this.#position % this.numbers.length] ?? 0
    this.#position += 1
    return number % limit
  }

  pick<const Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0]
  }

  isTrue(): boolean {
    return this.below(2) === 1
  }
}

/** One pool of a flow before it is known in which order it is called. */
type Draft = {
  readonly from: Asset
  readonly to: Asset
  /** In base units of `from`. */
  readonly amountIn: bigint
  readonly amountOut: bigint
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly pool: HopPool
  readonly paidFrom: Leg['paidFrom']
}

const fees = [100, 500, 3000, 10000] as const
const spacings: Readonly<Record<number, number>> = { 100: 1, 500: 10, 3000: 60, 10000: 200 }

/** A token as which a v4 pool may trade an asset: the native coin, or the one of all other pools. */
function coinOf(asset: Asset, isNative: boolean): Address {
  return isNative && asset.id === ether ? nativeAddress : asset.poolToken.address
}

function drawPool(tape: Tape, { tokenIn, tokenOut }: Pick<Draft, 'tokenIn' | 'tokenOut'>): HopPool {
  const needsV4 = tokenIn === nativeAddress || tokenOut === nativeAddress
  const version = needsV4 ? 'v4' : tape.pick(['v2', 'v3', 'v4'])
  const feePips = version === 'v2' ? 3000 : tape.pick(fees)
  const draft = ((): HopPool => {
    switch (version) {
      case 'v2':
        return { kind: 'constantProduct', id: '0x', feePips }
      case 'v3':
        return { kind: 'concentrated', id: '0x', feePips }
      case 'v4':
        return { kind: 'singleton', id: '0x', feePips, tickSpacing: spacings[feePips] ?? 60 }
    }
  })()
  return { ...draft, id: poolIdOf({ pool: draft, tokenIn, tokenOut }, localDeployment) }
}

/** Splits an amount into so many parts, the last of which takes the rest. None is empty. */
function split(tape: Tape, amount: bigint, parts: number): readonly bigint[] {
  const whole = BigInt(parts * 100)
  const heads = Array.from({ length: parts - 1 }, () => (amount * BigInt(20 + tape.below(80))) / whole)
  return [...heads, amount - heads.reduce((sum, part) => sum + part, 0n)]
}

const scale = (amount: bigint, from: Asset, to: Asset) =>
  (amount * 10n ** BigInt(to.decimals)) / 10n ** BigInt(from.decimals)

/** Draws pools from an asset to others, each at most once. */
function drawFlow(
  tape: Tape,
  used: Set<string>,
  {
    from,
    targets,
    amount,
    isNative,
    paidFrom,
  }: {
    readonly from: Asset
    readonly targets: readonly Asset[]
    readonly amount: bigint
    /** Native or wrapped, of ether that is sold; either, of ether that is passed on. */
    readonly isNative: boolean | undefined
    readonly paidFrom: (count: number) => Leg['paidFrom']
  },
): readonly Draft[] {
  const count = 1 + tape.below(3)
  const places: Pick<Draft, 'to' | 'tokenIn' | 'tokenOut' | 'pool'>[] = []
  for (let place = 0; place < count; place += 1) {
    const to = targets[tape.below(targets.length)] ?? from
    const coins = {
      tokenIn: coinOf(from, isNative ?? tape.isTrue()),
      tokenOut: coinOf(to, tape.isTrue()),
    }
    const pool = drawPool(tape, coins)
    // A pool that is taken already is not called twice, and what it would have taken goes to the others.
    if (used.has(pool.id) && !(place === count - 1 && places.length === 0)) continue
    const fresh = used.has(pool.id) ? nextFree(used, coins, pool) : pool
    used.add(fresh.id)
    places.push({ to, ...coins, pool: fresh })
  }
  const amounts = split(tape, amount, places.length)
  return places.map((place, index): Draft => {
    const amountIn = amounts[index] ?? 0n
    return { from, ...place, amountIn, amountOut: scale(amountIn, from, place.to), paidFrom: paidFrom(places.length) }
  })
}

/** Another v4 pool of the same coins: there is one for every spacing. */
function nextFree(
  used: ReadonlySet<string>,
  coins: Pick<Draft, 'tokenIn' | 'tokenOut'>,
  { feePips }: HopPool,
): HopPool {
  for (let tickSpacing = 1; ; tickSpacing += 1) {
    const pool = { kind: 'singleton', id: '0x', feePips, tickSpacing } as const
    const id = poolIdOf({ pool, ...coins }, localDeployment)
    if (!used.has(id)) return { ...pool, id }
  }
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

/**
 * Legs that pass ether on, in an order in which it is converted once at most: first those of the form of which there is enough.
 */
function orderEther(legs: readonly Draft[], wrappedIn: bigint): readonly Draft[] {
  const isNative = ({ tokenIn }: Draft) => tokenIn === nativeAddress
  const [native, wrapped] = [legs.filter(isNative), legs.filter((leg) => !isNative(leg))]
  const wrappedOut = sum(wrapped.filter(({ paidFrom }) => paidFrom !== 'token').map(({ amountIn }) => amountIn))
  return wrappedOut > wrappedIn ? [...native, ...wrapped] : [...wrapped, ...native]
}

function toLeg(
  { from, to, amountIn, amountOut, tokenIn, tokenOut, pool, paidFrom }: Draft,
  paidTo: Leg['paidTo'],
): Leg {
  return {
    sell: from.id,
    buy: to.id,
    paidFrom,
    paidTo,
    hops: [{ pool, sell: from.id, buy: to.id, tokenIn, tokenOut, amountIn, amountOut }],
    amountIn,
    quotedOut: amountOut,
    minimumOut: 0n,
    oracleFloor: 0n,
    soldUsd: zeroUsd,
    feeUsd: zeroUsd,
    impactUsd: 0n,
    impactBps: 0,
    gas: 0n,
  }
}

type Sold = { readonly asset: Asset; readonly token: Address; readonly amount: bigint }

/** What is sold: assets, ether as native or wrapped coin or both. */
function drawSold(tape: Tape, assets: readonly Asset[]): readonly Sold[] {
  return assets.flatMap((asset): Sold[] => {
    const amount = () => (BigInt(1_000 + tape.below(1_000_000)) * 10n ** BigInt(asset.decimals)) / 10n
    if (asset.id !== ether) return [{ asset, token: asset.poolToken.address, amount: amount() }]
    const forms = tape.pick([[nativeAddress], [asset.poolToken.address], [nativeAddress, asset.poolToken.address]])
    return forms.map((token) => ({ asset, token, amount: amount() }))
  })
}

function drawCase(assets: readonly Asset[], tape: Tape, allowed: readonly bigint[]): PlanCase {
  const soldCount = 1 + tape.below(2)
  const hubCount = tape.below(3)
  const sold = drawSold(tape, assets.slice(0, soldCount))
  const hubs = assets.slice(soldCount, soldCount + hubCount)
  const bought = assets.slice(soldCount + hubCount, soldCount + hubCount + 1 + tape.below(3))
  const used = new Set<string>()
  const drafts: Draft[] = []
  const soldIds = [...new Set(sold.map(({ asset }) => asset))]
  for (const asset of soldIds) {
    const parts = sold
      .filter((each) => each.asset === asset)
      .flatMap(({ token, amount }) => {
        const isNative = token === nativeAddress
        const pulls = tape.isTrue()
        const paidFrom = (count: number) => (isNative ? 'native' : count === 1 || pulls ? 'token' : 'router')
        // What is sold as one coin may be traded as the other: the router converts it.
        const trades = asset.id === ether && tape.isTrue() ? undefined : isNative
        const from = { from: asset, targets: [...hubs, ...bought], amount, isNative: trades }
        return drawFlow(tape, used, {
          ...from,
          paidFrom: (count) => (trades === undefined ? 'router' : paidFrom(count)),
        })
      })
    const pulled = sum(parts.filter(({ paidFrom }) => paidFrom === 'token').map(({ amountIn }) => amountIn))
    const wrapped = sum(sold.filter(({ token }) => token === asset.poolToken.address).map(({ amount }) => amount))
    drafts.push(...(asset.id === ether ? orderEther(parts, wrapped - pulled) : parts))
  }
  hubs.forEach((hub, index) => {
    const inflow = drafts.filter(({ to }) => to === hub)
    const amount = sum(inflow.map(({ amountOut }) => amountOut))
    if (amount === 0n) return
    const targets = [...hubs.slice(index + 1), ...bought]
    const parts = drawFlow(tape, used, { from: hub, targets, amount, isNative: undefined, paidFrom: () => 'router' })
    const wrapped = sum(inflow.filter(({ tokenOut }) => tokenOut !== nativeAddress).map(({ amountOut }) => amountOut))
    drafts.push(...(hub.id === ether ? orderEther(parts, wrapped) : parts))
  })
  const slippageBps = BigInt(tape.below(90))
  const purchases = bought.flatMap((asset): Purchase[] => {
    const quotedOut = sum(drafts.filter(({ to }) => to === asset).map(({ amountOut }) => amountOut))
    const minimumOut = mulDivUp(quotedOut, 10_000n - slippageBps, 10_000n)
    const token = coinOf(asset, true)
    return quotedOut === 0n
      ? []
      : [{ assetId: asset.id, token, quotedOut, minimumOut, oracleFloor: (quotedOut * 9_900n) / 10_000n }]
  })
  const legs = drafts.map((draft): Leg => {
    const purchase = purchases.find(({ assetId }) => assetId === draft.to.id)
    const isAlone = drafts.filter(({ to }) => to === draft.to).length === 1 && draft.tokenOut === purchase?.token
    return purchase !== undefined && isAlone
      ? { ...toLeg(draft, 'account'), minimumOut: purchase.minimumOut }
      : toLeg(draft, 'router')
  })
  const spendings = sold.map(({ asset, token, amount }): Spending => ({ assetId: asset.id, token, amount }))
  const [leg, spending, purchase] = [legs[0], spendings[0], purchases[0]]
  if (leg === undefined || spending === undefined || purchase === undefined) throw new Error('A plan sells and buys.')
  return {
    snapshot: buildRichSnapshot((index) => ({
      permit2Allowance: known(allowed[index] ?? 0n),
      universalRouterGrant: {
        status: 'known',
        amount: allowed[index + 20] ?? 0n,
        expiration: blockTimestamp + (index % 3 === 0 ? 100 : 100_000),
      },
    })),
    plan: buildPlanAround({
      router: 'universalRouter',
      legs: [leg, ...legs.slice(1)],
      spendings: [spending, ...spendings.slice(1)],
      purchases: [purchase, ...purchases.slice(1)],
    }),
  }
}

/**
 * Plans for the Universal Router: what is sold goes through up to two assets that are only passed on, in pools of all versions, ether
 * as native and as wrapped coin wherever it can be.
 */
export const routerPlanArbitrary: fc.Arbitrary<PlanCase> = fc
  .record({
    assets: fc.shuffledSubarray([...localDeployment.assets], { minLength: 8, maxLength: 8 }),
    numbers: fc.array(fc.nat(2 ** 20), { minLength: 120, maxLength: 120 }),
    allowances,
  })
  .map(({ assets, numbers, allowances: allowed }) => drawCase(assets, new Tape(numbers), allowed))
