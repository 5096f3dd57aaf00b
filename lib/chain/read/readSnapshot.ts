import { encodeFunctionData } from 'viem'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type {
  AssetReading,
  BlockRef,
  InitializedTick,
  Pool,
  PriceReading,
  Snapshot,
  TokenReading,
} from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { multicall3Abi } from '../abis'
import { RpcResponseError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import type { ContractRead, ReadResult } from './aggregate3'
import { toBalanceReading } from './balanceReading'
import { addTicks, decodePool, encodePoolReads, expectTicksFrom, listTickWords, selectCandidates } from './poolReads'
import { judgePrice } from './priceReading'
import {
  type GroupOutcome,
  type ReadContext,
  type RpcReader,
  readAtBlock,
  readAtHead,
  readEachAlone,
} from './readCalls'
import { decodeTickWord, encodeTickWord, groupTickWords, type TickWord, tickWordKey } from './tickWords'
import { composeTokenReading, encodeFeedReads, encodeTokenReads, listErc20s, readsPerToken } from './tokenReads'

/** What a snapshot is read of. */
export type SnapshotRequest = {
  readonly deployment: Deployment
  readonly account: Address
  readonly signal?: AbortSignal | undefined
  /**
   * An earlier snapshot of the same chain. Then only its pools are asked for, with the ticks around their last known
   * prices at once, which mostly saves the second round trip. Pools made since then are not seen.
   */
  readonly previous?: Snapshot | undefined
}

type KnownTicks = Map<string, readonly InitializedTick[]>

const callsPerGroup = 900
/** How many ticks one `eth_call` reads: at first, and again where that was too much for the node. */
const tickBudgets: readonly number[] = [1_500, 250, 1]
const unread: ReadResult = { success: false, data: '0x' }

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

function resultsOf(outcomes: readonly GroupOutcome[], groups: readonly (readonly unknown[])[]): readonly ReadResult[] {
  return groups.flatMap((group, position) => {
    const outcome = outcomes[position]
    return outcome?.status === 'read' ? outcome.results : group.map(() => unread)
  })
}

function collectTicks(known: KnownTicks, words: readonly TickWord[], results: readonly ReadResult[]): void {
  words.forEach((word, index) => {
    const ticks = decodeTickWord(results[index] ?? unread)
    if (ticks !== undefined) known.set(tickWordKey(word), ticks)
  })
}

async function readMissingTicks(
  client: RpcReader,
  context: ReadContext,
  request: {
    readonly pools: readonly Pool[]
    readonly known: KnownTicks
    readonly block: BlockRef
    readonly tickLens: Address
    readonly expectTicks: (word: TickWord) => number
  },
): Promise<void> {
  const { pools, known, block, tickLens, expectTicks } = request
  const words = pools.flatMap(listTickWords)
  for (const maxTicks of tickBudgets) {
    const missing = words.filter((word) => !known.has(tickWordKey(word)))
    if (missing.length === 0) return
    const groups = groupTickWords(missing, { maxTicks, expectTicks })
    const outcomes = await readAtBlock(client, context, {
      groups: groups.map((group) => group.map((word) => encodeTickWord(tickLens, word))),
      blockHash: block.hash,
    })
    collectTicks(known, missing, resultsOf(outcomes, groups))
  }
}

/** Reads again alone what failed among others: one token may have spoilt it for the rest. */
async function readFailedAlone(
  client: RpcReader,
  context: ReadContext,
  request: {
    readonly reads: readonly ContractRead[]
    readonly results: readonly ReadResult[]
    readonly block: BlockRef
  },
): Promise<readonly ReadResult[]> {
  const { reads, results, block } = request
  const failed = reads.filter((_, index) => results[index]?.success !== true)
  if (failed.length === 0) return results
  const answers = await readEachAlone(client, context, { reads: failed, blockHash: block.hash })
  const byRead = new Map(failed.map((read, index) => [read, answers[index] ?? unread]))
  return reads.map((read, index) => byRead.get(read) ?? results[index] ?? unread)
}

function composeTokens(
  { assets }: Deployment,
  { results, native }: { readonly results: readonly ReadResult[]; readonly native: ReadResult | undefined },
): ReadonlyMap<string, TokenReading> {
  const nativeToken = assets.flatMap(({ tokens }) => tokens).find(({ address }) => address === nativeAddress)
  const readings = listErc20s(assets).map((token, index) => {
    const [balance, allowance, decimals] = results.slice(index * readsPerToken, (index + 1) * readsPerToken)
    return composeTokenReading(token, { balance, allowance, decimals })
  })
  if (readings.length > 0 && readings.every(({ balance }) => balance.status === 'unreadable')) {
    throw new RpcResponseError('no token could be read')
  }
  const all: readonly TokenReading[] =
    nativeToken === undefined
      ? readings
      : [
          { token: nativeToken, balance: toBalanceReading(native), routerAllowance: { status: 'known', amount: 0n } },
          ...readings,
        ]
  return new Map(all.map((reading) => [reading.token.address, reading]))
}

function composePrices(assets: readonly Asset[], results: readonly ReadResult[], now: number): readonly PriceReading[] {
  let position = 0
  return assets.map(({ feed }) => {
    if (feed === undefined) return { status: 'noFeed' }
    const [round = unread, decimals = unread] = results.slice(position, position + 2)
    position += 2
    return judgePrice(feed, { round, decimals, now })
  })
}

/**
 * Reads everything that a plan is made of at one block: balances and allowances of every listed token, the native coin,
 * the feeds, and all pools between two listed assets with the ticks around their prices. Two round trips, one where
 * `previous` tells which pools there are and where their prices stand.
 * @throws {WrongChainError} when the node is on another chain than the deployment's.
 * @throws {RpcUnreachableError} when no endpoint answers.
 * @throws {RequestTimeoutError} when none answers in time.
 * @throws {RpcResponseError} when what it answers cannot be used; also when not a single token could be read.
 * @throws {RequestCancelledError} when `signal` is aborted.
 */
export async function readSnapshot(
  client: RpcReader,
  { deployment, account, signal, previous }: SnapshotRequest,
): Promise<Snapshot> {
  const { assets, chainId, contracts } = deployment
  const { multicall3, tickLens } = contracts
  const context: ReadContext = { chainId, multicall3, signal }

  const candidates = selectCandidates(deployment, previous)
  const nativeRead: ContractRead = {
    target: multicall3,
    data: encodeFunctionData({ abi: multicall3Abi, functionName: 'getEthBalance', args: [account] }),
  }
  const feedReads = encodeFeedReads(assets)
  const poolReads = candidates.map(encodePoolReads)
  const tokenReads = encodeTokenReads(deployment, account)
  const expectTicks = expectTicksFrom(previous)
  const hintedWords = groupTickWords((previous?.pools ?? []).flatMap(listTickWords), {
    maxTicks: tickBudgets[0] ?? 1,
    expectTicks,
  })

  const stateGroups = chunk([nativeRead, ...feedReads, ...poolReads.flat()], callsPerGroup)
  const tokenGroups = chunk(tokenReads, callsPerGroup)
  const tickGroups = hintedWords.map((words) => words.map((word) => encodeTickWord(tickLens, word)))
  const { block, outcomes } = await readAtHead(client, context, [...stateGroups, ...tokenGroups, ...tickGroups])

  const ofState = outcomes.slice(0, stateGroups.length)
  const broken = ofState.find((outcome) => outcome.status === 'failed')
  if (broken?.status === 'failed') throw broken.error
  const state = resultsOf(ofState, stateGroups)
  const poolStates = state.slice(1 + feedReads.length)
  // A place without a contract answers with success and no bytes; only a call that ran out of gas fails.
  if (poolStates.some(({ success }) => !success)) throw new RpcResponseError('pools could not be read')
  const ofTokens = resultsOf(outcomes.slice(stateGroups.length, stateGroups.length + tokenGroups.length), tokenGroups)
  const known: KnownTicks = new Map()
  collectTicks(
    known,
    hintedWords.flat(),
    resultsOf(outcomes.slice(stateGroups.length + tokenGroups.length), tickGroups),
  )

  let position = 0
  const pools = candidates.flatMap((candidate, index) => {
    const count = poolReads[index]?.length ?? 0
    const pool = decodePool(candidate, poolStates.slice(position, position + count))
    position += count
    return pool ?? []
  })
  const [tokenResults] = await Promise.all([
    readFailedAlone(client, context, { reads: tokenReads, results: ofTokens, block }),
    readMissingTicks(client, context, { pools, known, block, tickLens, expectTicks }),
  ])

  const readings = composeTokens(deployment, { results: tokenResults, native: state[0] })
  const prices = composePrices(assets, state.slice(1, 1 + feedReads.length), block.timestamp)
  return {
    chainId,
    account,
    block,
    assets: assets.map(
      (asset, index): AssetReading => ({
        asset,
        tokens: asset.tokens.flatMap(({ address }) => readings.get(address) ?? []),
        price: prices[index] ?? { status: 'noFeed' },
      }),
    ),
    pools: pools.flatMap((pool) => addTicks(pool, known) ?? []),
  }
}
