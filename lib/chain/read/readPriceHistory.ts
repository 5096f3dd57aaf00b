import { encodeFunctionData, parseAbi } from 'viem'
import type { AssetId, Feed } from '@/lib/core/asset'
import {
  type AssetHistory,
  type CloseGapReason,
  composeGaps,
  type DayRange,
  endOfDay,
  listDays,
  type NoHistoryReason,
  selectEndedDays,
} from '@/lib/core/history/priceHistory'
import type { BlockRef } from '@/lib/core/snapshot'
import { type Address, toUsd, type Usd } from '@/lib/core/units'
import { type AppError, RpcResponseError, WrongChainError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import { type ContractRead, type ReadResult, unread } from './aggregate3'
import { chunk, resultsOf } from './groupResults'
import {
  decodePackedRounds,
  encodePackedRounds,
  type FeedRound,
  type PackedRounds,
  roundsPerCall,
} from './packedRounds'
import { maxPriceAgeSeconds, scaleToUsd } from './priceReading'
import { readEachAlone } from './readApart'
import { type BlockAt, readAtBlock, readAtHead } from './readAtHead'
import { call, decode, isFailureOfTheCall, type ReadContext, type RpcReader, toReadError } from './readCalls'
import { gasOfGroup } from './readWitnessed'
import { type PhaseRound, toPhaseRound, toRoundId } from './roundId'
import { type RoundSearch, selectFound, selectRounds } from './roundSearch'
import { encodeFeedReads } from './tokenReads'
import { signedWordAt, wordAt } from './words'

/** Two years. */
export const historyWindowDays = 730

/** What is read of the past. */
export type PriceHistoryRequest = {
  readonly deployment: Deployment
  /** Of which assets; of all listed ones, unless told. */
  readonly assetIds?: readonly AssetId[] | undefined
  /** How many of the days that have ended, {@link historyWindowDays} unless told. */
  readonly windowDays?: number | undefined
  /** Which days of an asset are wanted, of those in the window; all, unless told. */
  readonly selectDays?: ((assetId: AssetId, window: DayRange) => readonly number[]) | undefined
  readonly signal?: AbortSignal | undefined
}

/** The daily closes of assets as their feeds tell them, at one block. */
export type PriceHistory = {
  readonly block: BlockRef
  /** The days that have ended at the block, as many as were asked for. */
  readonly window: DayRange
  /** In the order that was asked for. Of the days that were wanted each has a close or a gap. */
  readonly assets: readonly AssetHistory[]
}

const proxyAbi = parseAbi([
  'function phaseAggregators(uint16 phaseId) view returns (address)',
  'function getRoundData(uint80 roundId) view returns (uint80, int256, uint256, uint256, uint80)',
])
const aggregatorAbi = parseAbi(['function latestRound() view returns (uint256)'])
const latestRound = encodeFunctionData({ abi: aggregatorAbi, functionName: 'latestRound' })

const secondsPerDay = 86_400
/** After so many steps what is still open stays so: as many rounds as there are can be missing. */
const maxSteps = 40
/** Where a node does not run creation code: so many rounds in a call of Multicall3. */
const roundsPerGroup = 400

/** How rounds of feeds are read at a block. */
type RoundReader = {
  readonly client: RpcReader
  readonly context: ReadContext
  readonly block: BlockAt
  /** Whether the node runs creation code; not, as soon as it refused to. */
  isPacking: boolean
}

function toFeedRound({ success, data }: ReadResult): FeedRound | undefined {
  const answer = success ? signedWordAt(data, 1) : undefined
  const updatedAt = success ? wordAt(data, 3) : undefined
  if (answer === undefined || updatedAt === undefined || updatedAt === 0n || updatedAt >> 48n !== 0n) return undefined
  return BigInt.asIntN(128, answer) === answer ? { answer, updatedAt: Number(updatedAt) } : undefined
}

async function readPacked(
  { client, context, block }: RoundReader,
  feed: Address,
  roundIds: readonly bigint[],
): Promise<PackedRounds['rounds']> {
  const bytes = await call(client, context, {
    data: encodePackedRounds(feed, roundIds),
    gas: gasOfGroup,
    pin: { blockHash: block.hash },
  })
  const { number, timestamp, chainId, rounds } = decode(bytes, (answer) => decodePackedRounds(answer, roundIds.length))
  if (chainId !== BigInt(context.chainId)) {
    throw new WrongChainError({ expected: context.chainId, actual: Number(chainId) })
  }
  if (number !== block.number || timestamp !== BigInt(block.timestamp)) {
    throw new RpcResponseError('another block than was asked for')
  }
  return rounds
}

/** Rounds through Multicall3, for a node that does not run creation code. */
async function readGrouped(
  { client, context, block }: RoundReader,
  feed: Address,
  roundIds: readonly bigint[],
): Promise<PackedRounds['rounds']> {
  if (context.multicall3 === undefined) throw new RpcResponseError('neither creation code nor Multicall3')
  const groups = chunk(
    roundIds.map(
      (id): ContractRead => ({
        target: feed,
        data: encodeFunctionData({ abi: proxyAbi, functionName: 'getRoundData', args: [id] }),
      }),
    ),
    roundsPerGroup,
  )
  const outcomes = await readAtBlock(client, context, {
    groups: groups.map((reads) => ({ kind: 'trusted', reads })),
    block,
  })
  const failed = outcomes.find((outcome) => outcome.status === 'failed')
  if (failed?.status === 'failed') throw failed.error
  return resultsOf(outcomes, groups).map(toFeedRound)
}

/** Reads rounds of a feed, as few requests as the node allows. */
async function readRounds(
  reader: RoundReader,
  feed: Address,
  roundIds: readonly bigint[],
): Promise<PackedRounds['rounds']> {
  const readPart = async (ids: readonly bigint[]) => {
    if (reader.isPacking) {
      try {
        return await readPacked(reader, feed, ids)
      } catch (error) {
        if (!isFailureOfTheCall(toReadError(error))) throw error
        const rounds = await readGrouped(reader, feed, ids)
        reader.isPacking = false
        return rounds
      }
    }
    return readGrouped(reader, feed, ids)
  }
  return (await Promise.all(chunk(roundIds, roundsPerCall).map(readPart))).flat()
}

/**
 * The last round of an aggregator that a proxy has left. Asked without a contract in between: aggregators of Chainlink answer accounts
 * and their own proxies only.
 * @returns 0 where there was no such phase, nothing where it cannot be read.
 */
async function readLastRound(
  { client, context, block }: RoundReader,
  feed: Address,
  phase: number,
): Promise<number | undefined> {
  const readOne = async (target: Address, data: ContractRead['data']): Promise<bigint | undefined> => {
    const request = { reads: [{ target, data }], blockHash: block.hash, gas: gasOfGroup }
    const [result = unread] = await readEachAlone(client, context, request)
    return result.success ? wordAt(result.data, 0) : undefined
  }
  const data = encodeFunctionData({ abi: proxyAbi, functionName: 'phaseAggregators', args: [phase] })
  const aggregator = await readOne(feed, data)
  if (aggregator === 0n) return 0
  if (aggregator === undefined || aggregator >> 160n !== 0n) return undefined
  const last = await readOne(`0x${aggregator.toString(16).padStart(40, '0')}`, latestRound)
  return last === undefined || last > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(last)
}

/** What a day's end is worth, or why nothing. */
type Close = { readonly day: number } & ({ readonly usd: Usd } | { readonly reason: CloseGapReason })

/** An answer counts for a day if it was given on that day, or was not yet too old by its end. */
function judgeClose(feed: Feed, day: number, { answer, updatedAt }: FeedRound): Close {
  const age = endOfDay(day) - updatedAt
  if (age > Math.max(secondsPerDay, maxPriceAgeSeconds(feed))) return { day, reason: 'stale' }
  return answer > 0n ? { day, usd: toUsd(scaleToUsd(answer, feed.decimals)) } : { day, reason: 'notPositive' }
}

/** Reads the closes of days as one phase of a feed has them. */
async function readPhase(
  reader: RoundReader,
  feed: Feed,
  { phase, lastRound, days }: { readonly phase: number; readonly lastRound: number; readonly days: readonly number[] },
): Promise<readonly Close[]> {
  const search: RoundSearch = { lastRound, times: days.map(endOfDay), now: reader.block.timestamp }
  const known = new Map<number, FeedRound | undefined>()
  for (let step = 0; step < maxSteps; step++) {
    const selected = selectRounds(search, known, step)
    if (selected.length === 0) break
    const ids = selected.map((round) => toRoundId({ phase, round }))
    const rounds = await readRounds(reader, feed.address, ids)
    selected.forEach((round, index) => {
      known.set(round, rounds[index])
    })
  }
  const found = selectFound(search, known)
  return days.map((day, index): Close => {
    const of = found[index]
    switch (of?.status) {
      case 'found':
        return judgeClose(feed, day, of.round)
      case 'none':
        return { day, reason: 'noRound' }
      case 'disordered':
        return { day, reason: 'disordered' }
      default:
        return { day, reason: 'unread' }
    }
  })
}

/** Whether an earlier phase may know of a day what this one does not. */
function isOpen(close: Close | undefined): boolean {
  return close === undefined || ('reason' in close && (close.reason === 'noRound' || close.reason === 'stale'))
}

/** The close of a day by two phases. A round that was too old says more than none. */
function selectClose(newer: Close | undefined, older: Close): Close {
  const isSilent = newer === undefined || ('reason' in newer && newer.reason === 'noRound')
  return isSilent || !isOpen(older) ? older : newer
}

/**
 * Reads the closes of days, from the newest phase backwards for as long as days are open. Where two phases overlap the newer one counts
 * from its first round on.
 */
async function readFeedCloses(
  reader: RoundReader,
  feed: Feed,
  { latest, days }: { readonly latest: PhaseRound; readonly days: readonly number[] },
): Promise<readonly Close[]> {
  const closes = new Map<number, Close>()
  for (let { phase, round } = latest; phase >= 1; phase -= 1) {
    const open = days.filter((day) => isOpen(closes.get(day)))
    if (open.length === 0) break
    const lastRound = phase === latest.phase ? round : await readLastRound(reader, feed.address, phase)
    if (lastRound === 0) continue
    const read =
      lastRound === undefined
        ? open.map((day): Close => ({ day, reason: 'unread' }))
        : await readPhase(reader, feed, { phase, lastRound, days: open })
    for (const close of read) closes.set(close.day, selectClose(closes.get(close.day), close))
  }
  return days.map((day) => closes.get(day) ?? { day, reason: 'noRound' })
}

/** What a feed says now: where its rounds end, or why nothing of its past can be read. */
function judgeFeed(
  feed: Feed,
  { round, decimals }: { readonly round: ReadResult; readonly decimals: ReadResult },
): PhaseRound | NoHistoryReason {
  const roundId = round.success ? wordAt(round.data, 0) : undefined
  const feedDecimals = decimals.success ? wordAt(decimals.data, 0) : undefined
  if (roundId === undefined || feedDecimals === undefined) return 'unreadable'
  if (feedDecimals !== BigInt(feed.decimals)) return 'wrongDecimals'
  return toPhaseRound(roundId) ?? 'unreadable'
}

/**
 * Reads what assets cost at the end of each UTC day, from the rounds of their Chainlink feeds: the last answer of the day, or the one
 * that was still valid by its end. All at one block, through every phase of a feed, and without reading every round. A day without
 * such an answer is a gap with its reason; nothing is filled in.
 * @throws {WrongChainError} when the node is on another chain than the deployment's.
 * @throws {RpcUnreachableError} when no endpoint answers.
 * @throws {RequestTimeoutError} when none answers in time.
 * @throws {RpcResponseError} when what it answers cannot be used.
 * @throws {RequestCancelledError} when `signal` is aborted.
 */
export async function readPriceHistory(client: RpcReader, request: PriceHistoryRequest): Promise<PriceHistory> {
  const { deployment, signal, windowDays = historyWindowDays } = request
  const { chainId, contracts } = deployment
  const assetIds = request.assetIds ?? deployment.assets.map(({ id }) => id)
  const assets = assetIds.map((id) => ({ id, feed: deployment.assets.find((asset) => asset.id === id)?.feed }))
  const priced = deployment.assets.filter(({ id, feed }) => feed !== undefined && assetIds.includes(id))
  const reads = encodeFeedReads(priced)
  const { block, outcomes, context } = await readAtHead(client, { chainId, multicall3: contracts.multicall3, signal }, [
    { kind: 'trusted', reads },
  ])
  const [outcome] = outcomes
  if (outcome?.status === 'failed') throw outcome.error
  const results = resultsOf(outcomes, [reads])
  const window = selectEndedDays(block.timestamp, windowDays)
  const reader: RoundReader = { client, context, block, isPacking: true }
  const failures: AppError[] = []

  const readAsset = async ({ id, feed }: (typeof assets)[number]): Promise<AssetHistory> => {
    if (feed === undefined) return { status: 'unavailable', assetId: id, reason: 'noFeed' }
    const position = 2 * priced.findIndex((asset) => asset.id === id)
    const [round = unread, decimals = unread] = results.slice(position, position + 2)
    const latest = judgeFeed(feed, { round, decimals })
    if (typeof latest === 'string') return { status: 'unavailable', assetId: id, reason: latest }
    const days = request.selectDays?.(id, window) ?? listDays(window)
    try {
      const closes = await readFeedCloses(reader, feed, { latest, days })
      return {
        status: 'known',
        assetId: id,
        closes: closes.flatMap((close) => ('usd' in close ? [{ day: close.day, usd: close.usd }] : [])),
        gaps: composeGaps(closes.flatMap((close) => ('reason' in close ? [close] : []))),
      }
    } catch (error) {
      // One feed that does not let itself be read takes nothing from the others.
      const failure = toReadError(error)
      if (!isFailureOfTheCall(failure)) throw failure
      failures.push(failure)
      return { status: 'unavailable', assetId: id, reason: 'unreadable' }
    }
  }
  const histories = await Promise.all(assets.map(readAsset))
  const [failure] = failures
  if (failure !== undefined && failures.length === priced.length) throw failure
  return { block, window, assets: histories }
}
