import {
  type Address,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  numberToHex,
  pad,
} from 'viem'
import { runMarkerAddress } from '@/lib/chain/runMarker'
import type { Asset, AssetId, Feed } from '@/lib/core/asset'
import { fluxAggregatorAbi } from '../abis'
import { oracleAccount } from '../accounts'
import { aggregatorOf } from '../addresses'
import type { RunningChain } from '../calls'
import { pricedAssets } from '../contracts'
import { UnknownAssetError } from '../pools'
import { toFeedAnswer } from '../prices'
import { DevnetRpcError, sendBatch } from '../rpc'
import { DevnetTransactionError, sendTransactions } from '../transactions'

/** The last round of a feed, as its aggregator keeps it. */
export type FeedRound = {
  readonly asset: Asset
  readonly feed: Feed
  readonly round: bigint
  readonly answer: bigint
  readonly updatedAt: bigint
  /** Set aside by a test: the heartbeat leaves it alone. */
  readonly isHeld: boolean
}

const submitGas = 400_000n
/** Storage slot of FluxAggregator's mapping from round to (answer, startedAt | updatedAt | answeredInRound). */
const roundsSlot = 9n
const readRound = encodeFunctionData({ abi: fluxAggregatorAbi, functionName: 'latestRoundData' })
const holdSlot = (feed: Address) => pad(feed, { size: 32 })

/** The last round of every feed and the time of the head of the chain. */
export async function readFeeds({
  rpcUrl,
}: RunningChain): Promise<{ readonly now: bigint; readonly rounds: readonly FeedRound[] }> {
  const [head, ...answers] = await sendBatch(rpcUrl, [
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    ...pricedAssets.flatMap(({ feed }) => [
      { method: 'eth_call', params: [{ to: aggregatorOf(feed.address), data: readRound }, 'latest'] },
      { method: 'eth_getStorageAt', params: [runMarkerAddress, holdSlot(feed.address), 'latest'] },
    ]),
  ])
  const rounds = pricedAssets.map(({ asset, feed }, index) => {
    const [round, answer, , updatedAt] = decodeFunctionResult({
      abi: fluxAggregatorAbi,
      functionName: 'latestRoundData',
      data: answers[2 * index] as Hex,
    })
    return { asset, feed, round, answer, updatedAt, isHeld: BigInt(answers[2 * index + 1] as Hex) !== 0n }
  })
  return { now: BigInt((head as { timestamp: Hex }).timestamp), rounds }
}

const queues = new Map<string, Promise<unknown>>()
const attempts = 3

/**
 * Reads feeds and answers them as one piece of work. In this process one such piece runs at a time on a chain; where
 * another process (a heartbeat, a market) came between, the round or the nonce is taken, and the work starts again.
 */
function withFeeds(chain: RunningChain, work: () => Promise<void>): Promise<void> {
  const attempt = async (left: number): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const isRace = error instanceof DevnetTransactionError || error instanceof DevnetRpcError
      if (!isRace || left === 0) throw error
      await attempt(left - 1)
    }
  }
  const before = queues.get(chain.rpcUrl) ?? Promise.resolve()
  const turn = before.then(() => attempt(attempts - 1))
  queues.set(
    chain.rpcUrl,
    turn.catch(() => undefined),
  )
  return turn
}

/** Opens a new round with an answer for each of the given feeds, in one block. */
async function submitAnswers(
  { rpcUrl }: RunningChain,
  answers: readonly { readonly feed: Feed; readonly round: bigint; readonly answer: bigint }[],
): Promise<void> {
  await sendTransactions(rpcUrl, {
    from: oracleAccount.address,
    transactions: answers.map(({ feed, round, answer }) => ({
      to: aggregatorOf(feed.address),
      data: encodeFunctionData({ abi: fluxAggregatorAbi, functionName: 'submit', args: [round, answer] }),
      gas: submitGas,
    })),
  })
}

/** Repeats the last answer of every feed that has lived half of its heartbeat, unless a test holds it. */
export async function refreshFeeds(chain: RunningChain): Promise<void> {
  await withFeeds(chain, async () => {
    const { now, rounds } = await readFeeds(chain)
    const due = rounds.filter(
      ({ feed, updatedAt, isHeld }) => !isHeld && now - updatedAt >= BigInt(Math.floor(feed.heartbeatSeconds / 2)),
    )
    await submitAnswers(
      chain,
      due.map(({ feed, round, answer }) => ({ feed, round: round + 1n, answer })),
    )
  })
}

/** Gives a new answer to every feed that no test holds, where there is one for it. */
export async function answerFeeds(chain: RunningChain, answers: ReadonlyMap<AssetId, bigint>): Promise<void> {
  await withFeeds(chain, async () => {
    const { rounds } = await readFeeds(chain)
    const free = rounds.filter(({ isHeld }) => !isHeld)
    await submitAnswers(
      chain,
      free.flatMap(({ asset, feed, round }) => {
        const answer = answers.get(asset.id)
        return answer === undefined ? [] : [{ feed, round: round + 1n, answer }]
      }),
    )
  })
}

async function readFeed(chain: RunningChain, assetId: AssetId): Promise<{ now: bigint; round: FeedRound }> {
  const { now, rounds } = await readFeeds(chain)
  const round = rounds.find(({ asset }) => asset.id === assetId)
  if (round === undefined) throw new UnknownAssetError(assetId)
  return { now, round }
}

/** What a test wants a feed to say. A price is in US dollars, an answer in the feed's own units and free of its bounds. */
export type FeedChange = ({ readonly price: number } | { readonly answer: bigint }) & {
  /** Seconds since the epoch; without it, now. With it, the heartbeat no longer refreshes the feed. */
  readonly updatedAt?: bigint
}

/**
 * Makes a feed give an answer. A real submission where a real oracle could make it; an answer that the aggregator would
 * refuse (zero, negative) and a time in the past are written into its storage, and held there against the heartbeat.
 */
export async function setFeedAnswer(chain: RunningChain, assetId: AssetId, change: FeedChange): Promise<void> {
  await withFeeds(chain, () => changeFeed(chain, assetId, change))
}

async function changeFeed(chain: RunningChain, assetId: AssetId, change: FeedChange): Promise<void> {
  const { now, round } = await readFeed(chain, assetId)
  const { feed } = round
  const answer = 'price' in change ? toFeedAnswer(change.price) : change.answer
  const isPossible = answer > 0n && change.updatedAt === undefined
  await sendBatch(chain.rpcUrl, [
    {
      method: 'anvil_setStorageAt',
      params: [runMarkerAddress, holdSlot(feed.address), numberToHex(isPossible ? 0n : 1n, { size: 32 })],
    },
  ])
  if (isPossible) return submitAnswers(chain, [{ feed, round: round.round + 1n, answer }])

  const at = change.updatedAt ?? now
  const slot = BigInt(
    keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [round.round, roundsSlot])),
  )
  const times = at | (at << 64n) | (round.round << 128n)
  const address = aggregatorOf(feed.address)
  await sendBatch(chain.rpcUrl, [
    {
      method: 'anvil_setStorageAt',
      params: [address, numberToHex(slot, { size: 32 }), numberToHex(answer, { size: 32, signed: true })],
    },
    {
      method: 'anvil_setStorageAt',
      params: [address, numberToHex(slot + 1n, { size: 32 }), numberToHex(times, { size: 32 })],
    },
    { method: 'evm_mine', params: [] },
  ])
}

/** Makes a feed's last answer three heartbeats old, and keeps it so until {@link setFeedAnswer} gives it a new one. */
export async function makeFeedStale(chain: RunningChain, assetId: AssetId): Promise<void> {
  const { now, round } = await readFeed(chain, assetId)
  const updatedAt = now - 3n * BigInt(round.feed.heartbeatSeconds)
  await setFeedAnswer(chain, assetId, { answer: round.answer, updatedAt })
}
