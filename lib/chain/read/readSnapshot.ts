import { encodeFunctionData } from 'viem'
import { type Asset, type AssetId, nativeAddress } from '@/lib/core/asset'
import type { KnownPool } from '@/lib/core/poolList'
import type { AssetReading, BlockRef, PriceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { multicall3Abi } from '../abis'
import { RpcResponseError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import { type ContractRead, type ReadResult, unread } from './aggregate3'
import { readsPerCappedCall } from './cappedReader'
import { chunk, resultsOf } from './groupResults'
import { judgePrice } from './priceReading'
import { readApart, readNativeBalance } from './readApart'
import { type HeadReading, readAtBlock, readAtHead } from './readAtHead'
import type { ReadContext, RpcReader } from './readCalls'
import { composePoolQuestions, decodePoolStates, encodePoolHints, encodePoolStates, readPools } from './readPools'
import type { ReadGroup } from './readWitnessed'
import {
  composeNativeReading,
  composeTokenReading,
  encodeFeedReads,
  encodeTokenReads,
  listErc20s,
  readsPerToken,
} from './tokenReads'

/** What a snapshot is read of. */
export type SnapshotRequest = {
  readonly deployment: Deployment
  readonly account: Address
  readonly signal?: AbortSignal | undefined
  /** An earlier snapshot of the same chain: where prices stood. Without `knownPools` only its pools are asked for. */
  readonly previous?: Snapshot | undefined
  /**
   * Pools that were found earlier: then no others are asked for, and their ticks at once, which mostly leaves one round of
   * requests. A list that is not of this chain is ignored.
   */
  readonly knownPools?: readonly KnownPool[] | undefined
  /** A block to read at, instead of the head of the chain. */
  readonly at?: BlockRef | undefined
  /** How tokens are read: by the reader that none of them can blind, unless they are known to be well-behaved. */
  readonly tokenGroups?: ReadGroup['kind'] | undefined
  /** Between which assets and the hubs pools are looked for where none are known: all listed ones, unless told. */
  readonly wantedAssetIds?: readonly AssetId[] | undefined
}

/** A snapshot, and where its pools were looked for: at every place, or only where they were known to be. */
export type MarketReading = { readonly snapshot: Snapshot; readonly searched: 'everywhere' | 'knownPools' }

const callsPerGroup = 900

const toGroups = (kind: ReadGroup['kind'], groups: readonly (readonly ContractRead[])[]): readonly ReadGroup[] =>
  groups.map((reads) => ({ kind, reads }))

/** Reads tokens again, each apart from the others, of which something could not be read among them. */
async function readFailedApart(
  client: RpcReader,
  context: ReadContext,
  request: {
    readonly reads: readonly ContractRead[]
    readonly results: readonly ReadResult[]
    readonly block: BlockRef
  },
): Promise<readonly ReadResult[]> {
  const { reads, results, block } = request
  const tokens = chunk(reads, readsPerToken).map((ofToken, index) => ({
    reads: ofToken,
    results: results.slice(index * readsPerToken, (index + 1) * readsPerToken),
  }))
  const failed = tokens.filter((token) => token.results.some(({ success }) => !success))
  if (failed.length === 0) return results
  const groups = failed.map((token) => token.reads)
  const answers = await readApart(client, context, { groups, blockHash: block.hash })
  const again = new Map(failed.map((token, index) => [token, answers[index]]))
  return tokens.flatMap((token) => again.get(token) ?? token.results)
}

function composeTokens(
  { assets }: Deployment,
  { results, native }: { readonly results: readonly ReadResult[]; readonly native: ReadResult | undefined },
): ReadonlyMap<string, TokenReading> {
  const nativeToken = assets.flatMap(({ tokens }) => tokens).find(({ address }) => address === nativeAddress)
  const readings = listErc20s(assets).map((token, index) =>
    composeTokenReading(token, results.slice(index * readsPerToken, (index + 1) * readsPerToken)),
  )
  if (readings.length > 0 && readings.every(({ balance }) => balance.status === 'unreadable')) {
    throw new RpcResponseError('no token could be read')
  }
  const all = nativeToken === undefined ? readings : [composeNativeReading(nativeToken, native), ...readings]
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

/** Reads at the head of the chain, or where it is told to. */
async function readGroups(
  client: RpcReader,
  context: ReadContext,
  { groups, at }: { readonly groups: readonly ReadGroup[]; readonly at: BlockRef | undefined },
): Promise<HeadReading> {
  if (at === undefined) return readAtHead(client, context, groups)
  const outcomes = await readAtBlock(client, context, { groups, block: at })
  const isBroken = outcomes.every(({ status }, index) => status === 'failed' || groups[index]?.kind === 'capped')
  if (!isBroken || context.multicall3 === undefined) return { block: at, outcomes, context }
  return readGroups(client, { ...context, multicall3: undefined }, { groups, at })
}

/**
 * Reads everything that a plan is made of at one block: balances of every listed token and what our routers may spend of it, the
 * native coin, the feeds, and the pools of v2, v3 and v4 with the ticks around their prices. One round of requests where
 * `knownPools` or `previous` tell which pools there are and where their prices stand. Else every place where one may stand is
 * asked in one `eth_call`; the ticks of v3 take a second round, and those of v4 a third, since only the bitmap tells which there are.
 * @throws {WrongChainError} when the node is on another chain than the deployment's.
 * @throws {RpcUnreachableError} when no endpoint answers.
 * @throws {RequestTimeoutError} when none answers in time.
 * @throws {RpcResponseError} when what it answers cannot be used; also when not a single token could be read.
 * @throws {RequestCancelledError} when `signal` is aborted.
 */
export async function readMarket(client: RpcReader, request: SnapshotRequest): Promise<MarketReading> {
  const { deployment, account, signal, at, tokenGroups: tokenKind = 'capped' } = request
  const { assets, chainId, contracts } = deployment
  const { multicall3 } = contracts

  const questions = composePoolQuestions(request)
  const nativeRead: ContractRead = {
    target: multicall3,
    data: encodeFunctionData({ abi: multicall3Abi, functionName: 'getEthBalance', args: [account] }),
  }
  const feedReads = encodeFeedReads(assets)
  const tokenReads = encodeTokenReads(deployment, account)
  const stateGroups = chunk([nativeRead, ...feedReads, ...encodePoolStates(questions)], callsPerGroup)
  const tokenGroups = chunk(tokenReads, readsPerCappedCall)
  const hintGroups = encodePoolHints(questions)
  const groups = [
    ...toGroups('trusted', stateGroups),
    ...toGroups(tokenKind, tokenGroups),
    ...toGroups('trusted', hintGroups),
  ]
  const { block, outcomes, context } = await readGroups(client, { chainId, multicall3, signal }, { groups, at })

  const ofState = outcomes.slice(0, stateGroups.length)
  const ofTokens = outcomes.slice(stateGroups.length, stateGroups.length + tokenGroups.length)
  const ofHints = outcomes.slice(stateGroups.length + tokenGroups.length)
  const broken = ofState.find((outcome) => outcome.status === 'failed')
  if (broken?.status === 'failed') throw broken.error
  const [nativeAnswer, ...results] = resultsOf(ofState, stateGroups)
  const states = decodePoolStates(questions, {
    states: results.slice(feedReads.length),
    hints: resultsOf(ofHints, hintGroups),
  })
  if (questions.searched === 'knownPools' && !states.areAllThere) {
    // A pool that was found once does not vanish: these were found on another chain of this id.
    return readMarket(client, { ...request, previous: undefined, knownPools: undefined })
  }
  const hasNative = nativeAnswer?.success === true && nativeAnswer.data !== '0x'
  const [native, tokenResults, pools] = await Promise.all([
    hasNative ? nativeAnswer : readNativeBalance(client, context, { account, blockHash: block.hash }),
    readFailedApart(client, context, { reads: tokenReads, results: resultsOf(ofTokens, tokenGroups), block }),
    readPools(client, context, { questions, states, block }),
  ])

  const readings = composeTokens(deployment, { results: tokenResults, native })
  const prices = composePrices(assets, results.slice(0, feedReads.length), block.timestamp)
  const snapshot: Snapshot = {
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
    pools,
  }
  return { snapshot, searched: questions.searched }
}

/** Reads a snapshot as {@link readMarket} does, for those who keep no list of pools. */
export async function readSnapshot(client: RpcReader, request: SnapshotRequest): Promise<Snapshot> {
  const { snapshot } = await readMarket(client, request)
  return snapshot
}
