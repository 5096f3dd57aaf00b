import { type AssetId, nativeAddress } from '../asset'
import type { RebalancePlan } from '../rebalance/plan'
import type { Requote } from '../rebalance/requotePlan'
import type {
  AssetReading,
  BalanceReading,
  BlockRef,
  Permit2Reading,
  Pool,
  PoolId,
  PriceReading,
  Snapshot,
  TokenReading,
} from '../snapshot'
import { type Address, bpsWhole, type Usd } from '../units'

/** Where two readings of the same thing differ, ours and the wallet's; `undefined` where one of them could not read it. */
export type SourceDisagreement =
  | {
      readonly kind: 'balance'
      readonly assetId: AssetId
      readonly token: Address
      readonly symbol: string
      readonly ours: bigint | undefined
      readonly wallets: bigint | undefined
    }
  | {
      readonly kind: 'allowance'
      readonly assetId: AssetId
      readonly token: Address
      readonly symbol: string
      readonly ours: bigint | undefined
      readonly wallets: bigint | undefined
    }
  | {
      readonly kind: 'price'
      readonly assetId: AssetId
      readonly ours: Usd | undefined
      readonly wallets: Usd | undefined
    }
  | { readonly kind: 'pool'; readonly id: PoolId; readonly assetIds: readonly [AssetId, AssetId] }
  | {
      readonly kind: 'quote'
      readonly assetId: AssetId
      readonly ours: bigint | undefined
      readonly wallets: bigint | undefined
    }
  | { readonly kind: 'block'; readonly ours: bigint; readonly wallets: bigint; readonly secondsApart: number }

/** One source: what it says, and what it would pay for the plan's legs. */
export type Source = { readonly snapshot: Snapshot; readonly requote: Requote }

/** T-41: feeds and quotes may be so far apart when they are of two blocks; of one block they are the same. */
const maxDifferenceBps = 50n
const maxBlocksApart = 5n
/** Chains that make a block with every transaction count fast: so few seconds are never far apart. */
const maxSecondsApart = 10

/** What a plan's bytes rest on: the assets on its way, and the one that gas is paid in. */
export function listSignedAssets(plan: RebalancePlan, { assets }: Pick<Snapshot, 'assets'>): ReadonlySet<AssetId> {
  const ofGas = assets.filter(({ asset }) => asset.tokens.some(({ address }) => address === nativeAddress))
  return new Set([
    ...ofGas.map(({ asset }) => asset.id),
    ...plan.spendings.map(({ assetId }) => assetId),
    ...plan.purchases.map(({ assetId }) => assetId),
    ...plan.legs.flatMap(({ hops }) => hops.flatMap(({ sell, buy }) => [sell, buy])),
  ])
}

/** The pools that a plan's bytes trade through. */
export function listSignedPools(plan: RebalancePlan): ReadonlySet<PoolId> {
  return new Set(plan.legs.flatMap(({ hops }) => hops.map(({ pool }) => pool.id)))
}

/** What one source says where it says something, the other's word elsewhere: whole, so that a plan can be quoted on it. */
export function mergeSources(ours: Snapshot, wallets: Snapshot): Snapshot {
  const assets = new Map(wallets.assets.map((reading) => [reading.asset.id, reading]))
  const pools = new Map(wallets.pools.map((pool) => [pool.id, pool]))
  return {
    ...ours,
    block: wallets.block,
    assets: ours.assets.map((reading) => assets.get(reading.asset.id) ?? reading),
    pools: ours.pools.map((pool) => pools.get(pool.id) ?? pool),
  }
}

const amountOf = (reading: BalanceReading | undefined): bigint | undefined =>
  reading?.status === 'known' ? reading.amount : undefined

const usdOf = (price: PriceReading | undefined): Usd | undefined => (price?.status === 'fresh' ? price.usd : undefined)

/** Two numbers of one thing, a over b each: whether they differ by more than may be. */
function isApart(one: readonly [bigint, bigint], other: readonly [bigint, bigint]): boolean {
  const [left, right] = [one[0] * other[1], other[0] * one[1]]
  const [less, more] = left < right ? [left, right] : [right, left]
  return (more - less) * BigInt(bpsWhole) > less * maxDifferenceBps
}

function areAmountsApart(ours: bigint | undefined, wallets: bigint | undefined, isSameBlock: boolean): boolean {
  if (ours === undefined || wallets === undefined) return true
  return isSameBlock ? ours !== wallets : isApart([ours, 1n], [wallets, 1n])
}

function isSameGrant(ours: Permit2Reading, wallets: Permit2Reading | undefined): boolean {
  if (ours.status !== 'known' || wallets?.status !== 'known') return false
  return ours.amount === wallets.amount && ours.expiration === wallets.expiration
}

function compareToken(assetId: AssetId, ours: TokenReading, wallets: TokenReading | undefined): SourceDisagreement[] {
  const { address: token, symbol } = ours.token
  const pairs = (['balance', 'routerAllowance', 'permit2Allowance'] as const).map((field) => ({
    kind: field === 'balance' ? ('balance' as const) : ('allowance' as const),
    ours: amountOf(ours[field]),
    wallets: amountOf(wallets?.[field]),
  }))
  const different = pairs.filter((pair) => pair.ours === undefined || pair.ours !== pair.wallets)
  const grant = {
    kind: 'allowance' as const,
    ours: amountOf(ours.universalRouterGrant),
    wallets: amountOf(wallets?.universalRouterGrant),
  }
  const grants = isSameGrant(ours.universalRouterGrant, wallets?.universalRouterGrant) ? [] : [grant]
  return [...different, ...grants].map((pair) => ({ assetId, token, symbol, ...pair }))
}

function compareAsset(
  ours: AssetReading,
  wallets: AssetReading | undefined,
  isSameBlock: boolean,
): SourceDisagreement[] {
  const assetId = ours.asset.id
  const ofTokens = ours.tokens.flatMap((reading) => {
    const isSame = ({ token }: TokenReading) => token.address === reading.token.address
    return compareToken(assetId, reading, wallets?.tokens.find(isSame))
  })
  const [price, other] = [usdOf(ours.price), usdOf(wallets?.price)]
  // An asset that is only held for gas may have no price, as long as both say so.
  const isPriceless = price === undefined && wallets !== undefined && ours.price.status === wallets.price.status
  const isPriceApart = !isPriceless && areAmountsApart(price, other, isSameBlock)
  return [...ofTokens, ...(isPriceApart ? [{ kind: 'price' as const, assetId, ours: price, wallets: other }] : [])]
}

/** Whether two states of a pool are the same, as far as a swap depends on them. */
function isSameState(one: Pool, other: Pool): boolean {
  if (one.kind === 'constantProduct') {
    return other.kind === one.kind && one.reserve0 === other.reserve0 && one.reserve1 === other.reserve1
  }
  return (
    other.kind === one.kind &&
    one.sqrtPriceX96 === other.sqrtPriceX96 &&
    one.liquidity === other.liquidity &&
    one.tick === other.tick &&
    areTicksSame(one, other)
  )
}

type TickedPool = Exclude<Pool, { readonly kind: 'constantProduct' }>

/** Only where both know them: one may have looked further. */
function areTicksSame(one: TickedPool, other: TickedPool): boolean {
  const lower = Math.max(one.knownTicks.lower, other.knownTicks.lower)
  const upper = Math.min(one.knownTicks.upper, other.knownTicks.upper)
  const [ticks, others] = [one, other].map(({ ticks: all }) =>
    all.filter(({ index }) => index >= lower && index <= upper),
  )
  return (
    ticks !== undefined &&
    ticks.length === others?.length &&
    ticks.every(({ index, liquidityNet }, position) => {
      const tick = others[position]
      return tick?.index === index && tick.liquidityNet === liquidityNet
    })
  )
}

/** A pool's price of token0 in token1, as a fraction. */
function priceOf(pool: Pool): readonly [bigint, bigint] {
  return pool.kind === 'constantProduct' ? [pool.reserve1, pool.reserve0] : [pool.sqrtPriceX96 * pool.sqrtPriceX96, 1n]
}

function isPoolApart(ours: Pool, wallets: Pool | undefined, isSameBlock: boolean): boolean {
  if (wallets === undefined || wallets.kind !== ours.kind || wallets.feePips !== ours.feePips) return true
  return isSameBlock ? !isSameState(ours, wallets) : isApart(priceOf(ours), priceOf(wallets))
}

function compareQuotes(ours: Requote, wallets: Requote, isSameBlock: boolean): SourceDisagreement[] {
  const quotesOf = (requote: Requote) =>
    new Map(requote.status === 'requoted' ? requote.plan.purchases.map((of) => [of.assetId, of.quotedOut]) : [])
  const [quotes, others] = [quotesOf(ours), quotesOf(wallets)]
  const assetIds = new Set([...quotes.keys(), ...others.keys()])
  return [...assetIds].flatMap((assetId) => {
    const [quote, other] = [quotes.get(assetId), others.get(assetId)]
    return areAmountsApart(quote, other, isSameBlock)
      ? [{ kind: 'quote' as const, assetId, ours: quote, wallets: other }]
      : []
  })
}

function compareBlocks(ours: BlockRef, head: Pick<BlockRef, 'number' | 'timestamp'>): SourceDisagreement[] {
  const apart = ours.number > head.number ? ours.number - head.number : head.number - ours.number
  const secondsApart = Math.abs(ours.timestamp - head.timestamp)
  if (apart <= maxBlocksApart || secondsApart <= maxSecondsApart) return []
  return [{ kind: 'block', ours: ours.number, wallets: head.number, secondsApart }]
}

/**
 * Compares what two sources say of all that a plan's bytes rest on (T-40, T-41): balances and allowances of its tokens, which must be
 * the same; feeds, pools and quotes, which must be the same at one block and at most 0.5 % apart at two; and how far apart their
 * newest blocks are. What one of them cannot say is a disagreement. Nothing where they agree.
 * @param walletHead the newest block that the wallet's own node shows
 */
export function compareSources(
  plan: RebalancePlan,
  {
    ours,
    wallets,
    walletHead,
  }: {
    readonly ours: Source
    readonly wallets: Source
    readonly walletHead: Pick<BlockRef, 'number' | 'timestamp'>
  },
): readonly SourceDisagreement[] {
  const isSameBlock = ours.snapshot.block.hash === wallets.snapshot.block.hash
  const [assetIds, poolIds] = [listSignedAssets(plan, ours.snapshot), listSignedPools(plan)]
  const walletAssets = new Map(wallets.snapshot.assets.map((reading) => [reading.asset.id, reading]))
  const walletPools = new Map(wallets.snapshot.pools.map((pool) => [pool.id, pool]))
  const pools = ours.snapshot.pools.filter(({ id }) => poolIds.has(id))
  return [
    ...compareBlocks(ours.snapshot.block, walletHead),
    ...ours.snapshot.assets
      .filter(({ asset }) => assetIds.has(asset.id))
      .flatMap((reading) => compareAsset(reading, walletAssets.get(reading.asset.id), isSameBlock)),
    ...pools
      .filter((pool) => isPoolApart(pool, walletPools.get(pool.id), isSameBlock))
      .map(({ id, assetIds: ofPool }): SourceDisagreement => ({ kind: 'pool', id, assetIds: ofPool })),
    ...compareQuotes(ours.requote, wallets.requote, isSameBlock),
  ]
}
