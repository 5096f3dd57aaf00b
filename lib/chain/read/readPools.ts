import type { AssetId } from '@/lib/core/asset'
import { composeKnownPool, type KnownPool, refreshKnownPools } from '@/lib/core/poolList'
import type { BlockRef, ConcentratedPool, ConstantProductPool, Pool, Snapshot } from '@/lib/core/snapshot'
import type { Hex } from '@/lib/core/units'
import { RpcResponseError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import { type ContractRead, type ReadResult, unread } from './aggregate3'
import { chunk } from './groupResults'
import { listPoolCandidates, type PoolCandidate, type SingletonCandidate, toCandidate } from './poolCandidates'
import {
  addTicks,
  type ContractCandidate,
  decodePool,
  encodePoolReads,
  expectTicksFrom,
  hasContract,
  listTickWords,
} from './poolReads'
import type { ReadContext, RpcReader } from './readCalls'
import {
  collectSlots,
  collectTicks,
  type KnownTicks,
  readMissingSlots,
  readMissingTicks,
  slotsPerCall,
  tickBudgets,
} from './readTicks'
import { decodeSingleton, encodeSlots, hasPrice, listHintedSlots, listStateSlots } from './singletonSlots'
import { encodeTickWord, groupTickWords, type TickWord } from './tickWords'

const stateSlotsPerRead = 1_000

/** Which pools are asked for, and where their prices are thought to stand. */
export type PoolHints = {
  readonly deployment: Deployment
  readonly previous?: Snapshot | undefined
  readonly knownPools?: readonly KnownPool[] | undefined
  readonly wantedAssetIds?: readonly AssetId[] | undefined
}

type KnownPlace = { readonly known: KnownPool; readonly candidate: PoolCandidate }

/** The pools that are known, each at its place; nothing where there are none, or where one is not of this chain. */
function selectKnownPlaces({ deployment, knownPools, previous }: PoolHints): readonly KnownPlace[] | undefined {
  const pools =
    knownPools === undefined
      ? (previous?.pools.map(composeKnownPool) ?? [])
      : previous === undefined
        ? knownPools
        : refreshKnownPools(knownPools, previous)
  const places = pools.flatMap((known) => {
    const candidate = toCandidate(deployment, known)
    return candidate === undefined ? [] : { known, candidate }
  })
  return places.length === 0 || places.length < pools.length ? undefined : places
}

/** All that is asked about pools in the first round, and what is needed to understand the answers. */
export type PoolQuestions = {
  readonly deployment: Deployment
  readonly searched: 'everywhere' | 'knownPools'
  readonly candidates: readonly PoolCandidate[]
  readonly contracts: readonly ContractCandidate[]
  readonly singletons: readonly SingletonCandidate[]
  /** One read each of v4's storage. */
  readonly stateSlots: readonly (readonly Hex[])[]
  /** The reads of each of `contracts`. */
  readonly contractReads: readonly (readonly ContractRead[])[]
  /** One group each of words of v3's bitmaps. */
  readonly hintedWords: readonly (readonly TickWord[])[]
  /** One group each of v4's storage. */
  readonly hintedSlots: readonly (readonly Hex[])[]
  readonly expectTicks: (word: TickWord) => number
}

const isSingleton = (candidate: PoolCandidate): candidate is SingletonCandidate => candidate.kind === 'singleton'
const isContract = (candidate: PoolCandidate): candidate is ContractCandidate => candidate.kind !== 'singleton'

function listHints(places: readonly KnownPlace[]): readonly Hex[] {
  return places.flatMap(({ known, candidate }) =>
    known.kind === 'singleton' && isSingleton(candidate) ? listHintedSlots(candidate, known) : [],
  )
}

/** Composes what is asked about pools in the first round: of those that are known, or everywhere. */
export function composePoolQuestions(hints: PoolHints): PoolQuestions {
  const { deployment, wantedAssetIds } = hints
  const places = selectKnownPlaces(hints)
  const known = places?.map((place) => place.known)
  const candidates = places?.map(({ candidate }) => candidate) ?? listPoolCandidates(deployment, wantedAssetIds)
  const contracts = candidates.filter(isContract)
  const singletons = candidates.filter(isSingleton)
  const expectTicks = expectTicksFrom(known)
  return {
    deployment,
    searched: places === undefined ? 'everywhere' : 'knownPools',
    candidates,
    contracts,
    singletons,
    stateSlots: chunk(singletons.flatMap(listStateSlots), stateSlotsPerRead),
    contractReads: contracts.map(encodePoolReads),
    hintedWords: groupTickWords((known ?? []).flatMap(listTickWords), { maxTicks: tickBudgets[0], expectTicks }),
    hintedSlots: chunk(listHints(places ?? []), slotsPerCall),
    expectTicks,
  }
}

/** The reads that tell which pools stand, and their prices. Without them there is no snapshot. */
export function encodePoolStates({ deployment, stateSlots, contractReads }: PoolQuestions): readonly ContractRead[] {
  const { v4PoolManager } = deployment.contracts
  return [...stateSlots.map((slots) => encodeSlots(v4PoolManager, slots)), ...contractReads.flat()]
}

/** Groups of reads of the ticks that pools are thought to have. What they do not tell is asked again. */
export function encodePoolHints({
  deployment,
  hintedWords,
  hintedSlots,
}: PoolQuestions): readonly (readonly ContractRead[])[] {
  const { tickLens, v4PoolManager } = deployment.contracts
  return [
    ...hintedWords.map((words) => words.map((word) => encodeTickWord(tickLens, word))),
    ...hintedSlots.map((slots) => [encodeSlots(v4PoolManager, slots)]),
  ]
}

/** What the first round told of pools. */
export type PoolStates = {
  readonly contractPools: readonly (ConstantProductPool | ConcentratedPool)[]
  /** Words of v4's storage. */
  readonly words: Map<Hex, bigint>
  /** Ticks of v3 pools. */
  readonly ticks: KnownTicks
  /** Whether a pool stands at every place that was asked. */
  readonly areAllThere: boolean
}

/**
 * Decodes the answers to {@link encodePoolStates} and {@link encodePoolHints}, each in the order of its reads.
 * @throws {RpcResponseError} when a state could not be read: a place without a contract answers with success and no bytes, so only
 * a call that ran out of gas fails.
 */
export function decodePoolStates(
  questions: PoolQuestions,
  { states, hints }: { readonly states: readonly ReadResult[]; readonly hints: readonly ReadResult[] },
): PoolStates {
  const { contracts, contractReads, singletons, stateSlots, hintedWords, hintedSlots } = questions
  if (states.some(({ success }) => !success)) throw new RpcResponseError('pools could not be read')
  const words = new Map<Hex, bigint>()
  stateSlots.forEach((slots, index) => {
    collectSlots(words, slots, states[index] ?? unread)
  })
  const wordsAsked = hintedWords.flat()
  const ticks: KnownTicks = new Map()
  collectTicks(ticks, wordsAsked, hints)
  hintedSlots.forEach((slots, index) => {
    collectSlots(words, slots, hints[wordsAsked.length + index] ?? unread)
  })
  let position = stateSlots.length
  const answers = contractReads.map((reads) => {
    position += reads.length
    return states.slice(position - reads.length, position)
  })
  return {
    contractPools: contracts.flatMap((candidate, index) => decodePool(candidate, answers[index] ?? []) ?? []),
    words,
    ticks,
    areAllThere: answers.every(hasContract) && singletons.every((candidate) => hasPrice(candidate, words)),
  }
}

/** Reads the ticks that are not known yet, and composes the pools in the order in which they were asked for. */
export async function readPools(
  client: RpcReader,
  context: ReadContext,
  request: { readonly questions: PoolQuestions; readonly states: PoolStates; readonly block: BlockRef },
): Promise<readonly Pool[]> {
  const { questions, states, block } = request
  const { deployment, candidates, singletons, expectTicks } = questions
  const { contractPools, words, ticks } = states
  const { tickLens, v4PoolManager: poolManager } = deployment.contracts
  await Promise.all([
    readMissingTicks(client, context, { pools: contractPools, known: ticks, block, tickLens, expectTicks }),
    readMissingSlots(client, context, { candidates: singletons, words, block, poolManager }),
  ])
  const pools: readonly Pool[] = [
    ...contractPools.flatMap((pool) => addTicks(pool, ticks) ?? []),
    ...singletons.flatMap((candidate) => decodeSingleton(candidate, words) ?? []),
  ]
  const byId = new Map(pools.map((pool) => [pool.id.toLowerCase(), pool]))
  return candidates.flatMap(({ id }) => byId.get(id) ?? [])
}
