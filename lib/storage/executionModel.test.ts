import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { Bundle } from '@/lib/core/bundle'
import type { Execution, ExecutionRecord, ExecutionStep, Rung, SentId, StepState } from '@/lib/core/execution/execution'
import {
  type BatchSighting,
  judgeBatch,
  judgeTransaction,
  type MinedMark,
  reconcileStep,
  type StepFact,
  type TransactionSighting,
} from '@/lib/core/execution/reconcileStep'
import {
  currentStepIndex,
  type ExecutionEvent,
  isMoneyStep,
  isSettled,
  mayPutAway,
  reduceExecution,
  sentIdOf,
  summariseExecution,
} from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { Hex } from '@/lib/core/units'
import {
  type Effect,
  type Mined,
  SimulatedChain,
  swapCall,
  type Transaction,
  toHash,
} from '@/lib/testing/execution/simulatedChain'
import { runs } from '@/lib/testing/runs'
import { executionRecordSchema } from './executionSchema'
import { decodeJson, encodeJson } from './jsonCodec'

/*
 * A chain, a wallet with its person, and two tabs of the page, all as plain data. Whatever 40 things happen to them: no hash is lost,
 * nothing that moves value is asked for twice, and once the page has looked, it claims what this chain shows and nothing else.
 */

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const deadlineSeconds = 600
const blocksBeforeDropped = 4n

/** A request that stands in the wallet. The page that asked may be gone. */
type Prompt = {
  readonly execution: Execution
  readonly stepIndex: number
  readonly askedBy: Tab | undefined
  isOpen: boolean
  /** What it was sent as; several where the wallet broke a batch. */
  sent: Transaction[]
  /** A batch of which the wallet has sent some calls and means to send the rest. */
  rest: number[]
  /** Another rebalance has begun after the chain showed how this one ended. */
  isPutAway: boolean
}

type Tab = { readonly name: string; generation: number; missingSince: Map<number, bigint> }

const call = { to: account, data: '0x', value: 0n } as const
const approvals = [1n, 2n, 3n].map((amount) => ({ kind: 'erc20', token: account, spender: account, amount }) as const)

class World {
  readonly chain = new SimulatedChain()
  readonly prompts: Prompt[] = []
  readonly known = new Map<string, Set<Hex>>()
  private journal: string | undefined
  private lockedBy: Tab | undefined
  readonly tabs: readonly Tab[] = ['first', 'second'].map((name) => ({ name, generation: 0, missingSince: new Map() }))
  private started = 0
  isGivenUp = false

  /** What the page finds when it reads its journal: always through the codec and the schema. */
  read(): ExecutionRecord | undefined {
    if (this.journal === undefined) return undefined
    const parsed = v.safeParse(executionRecordSchema, decodeJson(this.journal))
    if (!parsed.success) throw new TypeError('The journal wrote what its schema does not take.')
    return parsed.output
  }
  private write(record: ExecutionRecord): void {
    this.journal = encodeJson(record)
  }
  apply(events: readonly ExecutionEvent[]): void {
    const record = this.read()
    if (record === undefined) return
    this.write({ ...record, execution: events.reduce(reduceExecution, record.execution) })
  }

  applyToAll(toEvent: (stepIndex: number) => ExecutionEvent): void {
    this.apply((this.read()?.execution.steps ?? []).map((_, stepIndex) => toEvent(stepIndex)))
  }

  private stepNow(): { execution: Execution; stepIndex: number; step: ExecutionStep } | undefined {
    const execution = this.read()?.execution
    const stepIndex = execution === undefined ? undefined : currentStepIndex(execution)
    const step = stepIndex === undefined ? undefined : execution?.steps[stepIndex]
    return execution === undefined || stepIndex === undefined || step === undefined
      ? undefined
      : { execution, stepIndex, step }
  }

  goOn(rung: Rung): void {
    const [tab] = this.tabs
    const status = this.stepNow()?.step.state.status
    if (tab === undefined) return
    if (this.prompts.some(({ isOpen }) => isOpen)) this.answer('sends')
    else if (this.prompts.some(({ rest }) => rest.length > 0)) this.continueBroken()
    else if (status === undefined) this.sign(tab, rung)
    else if (status === 'idle' || status === 'held' || status === 'unsent') this.proceed(tab, this.chain.nonce)
    else {
      this.chain.mine()
      this.look(tab)
    }
  }

  /** A click on "Sign and send". */
  sign(tab: Tab, rung: Rung): void {
    if (this.lockedBy !== undefined) return
    this.look(tab)
    const saved = this.read()?.execution
    if (saved !== undefined && !mayPutAway(saved)) return
    this.started += 1
    const id = `execution ${this.started}`
    this.checkAlone(id)
    for (const prompt of this.prompts) prompt.isPutAway = true
    const deadline = this.chain.newest.timestamp + deadlineSeconds
    const bundle: Bundle = { chainId: 1, account, approvals: [call, call, call], swap: call, deadline, hash: toHash(0) }
    this.chain.deadlines.set(id, deadline)
    this.isGivenUp = false
    this.write({ execution: startExecution({ id, rung, bundle, approvals }), bundle })
    this.proceed(tab, undefined)
  }

  /** The driver asks for the next step: nonce, journal, request. */
  proceed(tab: Tab, acknowledgedNonce: number | undefined): void {
    if (!this.look(tab)) return
    const now = this.stepNow()
    if (now === undefined) return
    const { execution, stepIndex, step } = now
    if (!['idle', 'held', 'unsent'].includes(step.state.status)) return
    const found = step.request === undefined ? undefined : this.find(execution, stepIndex)
    const { nonce, pendingNonce } = this.chain
    const isOver = this.chain.newest.timestamp >= (this.chain.deadlines.get(execution.id) ?? 0)
    const isHeld = pendingNonce > nonce && acknowledgedNonce !== nonce
    if (found !== undefined) this.apply([{ type: 'sent', stepIndex, id: found }])
    else if (isHeld) this.apply([{ type: 'held', stepIndex, waiting: { nonce, order: 'before' } }])
    else if (isOver) this.apply([{ type: 'notSent', stepIndex, failure: 'deadlinePassed' }])
    else this.request(tab, execution, stepIndex)
  }

  private request(tab: Tab, execution: Execution, stepIndex: number): void {
    const { pendingNonce } = this.chain
    const request = { nonce: pendingNonce, blockNumber: this.chain.newest.number, callsHash: toHash(0) }
    this.apply([{ type: 'requested', stepIndex, request }])
    const step = this.read()?.execution.steps[stepIndex]
    if (step?.state.status !== 'awaitingSignature') return
    if (isMoneyStep(step)) this.checkAlone(execution.id)
    this.prompts.push({ execution, stepIndex, askedBy: tab, isOpen: true, sent: [], rest: [], isPutAway: false })
    this.lockedBy = tab
  }

  /** Nothing that moves value is asked for while something else that moves value could still run. */
  private checkAlone(executionId: string): void {
    for (const prompt of this.prompts.filter((each) => isMoneyPrompt(each) && !each.isPutAway)) {
      if (prompt.isOpen || prompt.rest.length > 0)
        expect(this.isPast(prompt), `${executionId} beside a prompt`).toBe(true)
      for (const { hash, nonce, effect } of prompt.sent) {
        if (effect.kind !== 'calls' || !effect.calls.includes(swapCall)) continue
        const isUsed = nonce < this.chain.nonce
        expect(isUsed || this.isPast(prompt), `${executionId} beside ${hash}`).toBe(true)
      }
    }
  }
  private isPast({ execution }: Prompt): boolean {
    return this.chain.newest.timestamp > (this.chain.deadlines.get(execution.id) ?? 0)
  }

  private effectOf({ execution, stepIndex }: Prompt): Effect & { readonly kind: 'calls' } {
    const { kind } = execution.steps[stepIndex] ?? { kind: 'batch' }
    return { kind: 'calls', executionId: execution.id, calls: kind === 'batch' ? [0, 1, 2, 3] : [stepIndex] }
  }

  /** The person or the wallet answers the oldest open prompt. */
  answer(how: Answer): void {
    const prompt = this.prompts.find(({ isOpen }) => isOpen)
    if (prompt === undefined) return
    prompt.isOpen = false
    const { execution, stepIndex, askedBy: tab } = prompt
    const hears = tab !== undefined && this.lockedBy === tab
    if (hears) this.lockedBy = undefined
    const reply = (event: ExecutionEvent) => {
      if (!hears) return
      if (event.type === 'sent' && event.id.kind === 'transaction') this.remember(execution.id, event.id.hash)
      if (this.read()?.execution.id === execution.id) this.apply([event])
    }
    if (how === 'declines') reply({ type: 'notSent', stepIndex, failure: 'rejected' })
    else if (how === 'fails') this.lookForUncertain(hears, prompt)
    else {
      const id = this.send(prompt, how)
      if (how === 'sendsAndFails') this.lookForUncertain(hears, prompt)
      else reply({ type: 'sent', stepIndex, id })
    }
  }

  /** The wallet sends what was asked for, or the first call of a batch that it breaks. */
  private send(prompt: Prompt, how: Answer): SentId {
    const effect = this.effectOf(prompt)
    const isBatch = effect.calls.length > 1
    // A wallet that promises and sends nothing.
    if (how === 'promises' && isBatch) return { kind: 'batch', batchId: this.chain.nextHash() }
    const isSplit = how === 'breaks' && isBatch
    const [first = 0, ...others] = effect.calls
    const sent = this.chain.send(
      this.chain.pendingNonce,
      isSplit ? { ...effect, calls: [first] } : effect,
      how === 'sendsInVain',
    )
    prompt.sent.push(sent)
    if (isSplit) prompt.rest = others
    if (how === 'sendsAndHides') this.chain.drop(this.chain.waiting.indexOf(sent))
    return isBatch ? { kind: 'batch', batchId: sent.hash } : { kind: 'transaction', hash: sent.hash }
  }

  private remember(executionId: string, hash: Hex): void {
    this.known.set(executionId, (this.known.get(executionId) ?? new Set()).add(hash))
  }

  /** The wallet failed oddly: the chain is asked whether anything went out. */
  private lookForUncertain(hears: boolean, { execution, stepIndex }: Prompt): void {
    if (!hears || this.read()?.execution.id !== execution.id) return
    const id = this.find(execution, stepIndex)
    if (id !== undefined) this.apply([{ type: 'sent', stepIndex, id }])
    else if (this.chain.pendingNonce === this.chain.nonce) {
      this.apply([{ type: 'notSent', stepIndex, failure: 'unknown' }])
    }
  }

  /** Looks for a step's transaction by what it does. */
  private find(execution: Execution, stepIndex: number): SentId | undefined {
    const request = execution.steps[stepIndex]?.request
    if (request === undefined) return undefined
    const found = this.chain.mined.find(
      ({ effect, blockNumber }) => blockNumber > request.blockNumber && this.isOf(effect, execution, stepIndex),
    )
    return found === undefined ? undefined : { kind: 'transaction', hash: found.hash }
  }
  private isOf(effect: Effect, execution: Execution, stepIndex: number): boolean {
    if (effect.kind !== 'calls' || effect.executionId !== execution.id) return false
    return execution.steps[stepIndex]?.kind === 'batch' || effect.calls.includes(stepIndex)
  }

  /** A broken batch goes on by one call. */
  continueBroken(): void {
    const prompt = this.prompts.find(({ rest }) => rest.length > 0)
    const [next, ...rest] = prompt?.rest ?? []
    if (prompt === undefined || next === undefined) return
    prompt.rest = rest
    const effect: Effect = { kind: 'calls', executionId: prompt.execution.id, calls: [next] }
    prompt.sent.push(this.chain.send(this.chain.pendingNonce, effect))
  }

  /** The person takes the nonce of a waiting transaction. */
  replaceWaiting(how: 'faster' | 'cancel' | 'other'): void {
    const target = this.chain.waiting[0]
    if (target === undefined) return
    const effect = how === 'faster' ? target.effect : ({ kind: how } as const)
    const sent = this.chain.send(target.nonce, effect, how === 'faster' && target.isDoomed)
    for (const prompt of this.prompts) if (how === 'faster' && prompt.sent.includes(target)) prompt.sent.push(sent)
  }

  /** The page is loaded again: what it waited for is gone, the prompt in the wallet is not. */
  reload(tab: Tab): void {
    tab.generation += 1
    tab.missingSince = new Map()
    if (this.lockedBy === tab) this.lockedBy = undefined
    for (const [index, prompt] of this.prompts.entries()) {
      if (prompt.askedBy === tab) this.prompts[index] = Object.assign(prompt, { askedBy: undefined })
    }
  }

  /** One look at the chain by a tab. While one waits for the wallet, the others leave the journal alone. */
  look(tab: Tab): boolean {
    const execution = this.read()?.execution
    if (execution === undefined || this.lockedBy !== undefined) return false
    const head = this.chain.head()
    const now = this.stepNow()
    if (now?.step.state.status === 'awaitingSignature') this.findInterrupted(now)
    for (const [stepIndex] of [...execution.steps.entries()].reverse()) {
      const step = this.read()?.execution.steps[stepIndex]
      if (step === undefined || sentIdOf(step.state) === undefined) continue
      const deadline = isMoneyStep(step) ? this.chain.deadlines.get(execution.id) : undefined
      const fact = this.sight(tab, execution, stepIndex, step)
      const nonce = this.nonceOf(step)
      if (nonce !== undefined) this.apply([{ type: 'seen', stepIndex, nonce }])
      this.apply(reconcileStep(step.state, fact, { head, deadline }).map((event) => ({ ...event, stepIndex })))
    }
    return true
  }
  private findInterrupted({ execution, stepIndex, step }: NonNullable<ReturnType<World['stepNow']>>): void {
    const id = this.find(execution, stepIndex)
    const isOver = this.chain.newest.timestamp > (this.chain.deadlines.get(execution.id) ?? 0)
    const isQuiet = this.chain.pendingNonce === this.chain.nonce
    if (id !== undefined) this.apply([{ type: 'sent', stepIndex, id }])
    else if (isMoneyStep(step) ? isOver : isQuiet) {
      this.apply([{ type: 'notSent', stepIndex, failure: isMoneyStep(step) ? 'deadlinePassed' : 'timeout' }])
    }
  }
  private hashesOf({ state, undone = [] }: ExecutionStep): readonly Hex[] {
    const id = sentIdOf(state)
    return [
      ...(id?.kind === 'transaction' ? [id.hash] : []),
      ...undone.map(({ txHash }) => txHash),
      ...('txHash' in state && state.txHash !== undefined ? [state.txHash] : []),
    ]
  }
  private nonceOf(step: ExecutionStep): number | undefined {
    const hashes = this.hashesOf(step)
    const found = [...this.chain.waiting, ...this.chain.mined].find(({ hash }) => hashes.includes(hash))
    return step.kind === 'batch' ? undefined : (found?.nonce ?? step.nonce)
  }

  /** What the nodes of this chain show of a step. */
  private sight(tab: Tab, execution: Execution, stepIndex: number, step: ExecutionStep): StepFact {
    const head = this.chain.head()
    const { mined } = this.chain
    const least = step.request?.nonce ?? 0
    const own = mined.filter(({ effect, nonce }) => nonce >= least && this.isOf(effect, execution, stepIndex))
    const toMark = ({ txHash, blockNumber, blockHash }: MinedMark): MinedMark => ({ txHash, blockNumber, blockHash })
    const asTaker = (taker: (Mined & MinedMark) | undefined) =>
      taker === undefined ? {} : { taker: { ...toMark(taker), isCancel: taker.effect.kind === 'cancel' } }
    if (step.kind === 'batch') {
      const callsOf = ({ effect }: Mined) => (effect.kind === 'calls' ? effect.calls : [])
      const swap = own.find((each) => each.isSuccess && callsOf(each).includes(swapCall))
      const reverted = own.find((each) => !each.isSuccess && callsOf(each).includes(swapCall))
      const apart = own.filter((each) => each.isSuccess && !callsOf(each).includes(swapCall))
      const newest = apart.at(-1)
      const sighting: BatchSighting = {
        head,
        isGivenUp: this.isGivenUp && this.chain.pendingNonce === this.chain.nonce,
        ...asTaker(mined.find((each) => each.nonce === least && !own.includes(each))),
        ...(swap === undefined ? {} : { own: { ...toMark(swap), splitHashes: apart.map(({ txHash }) => txHash) } }),
        ...(reverted === undefined ? {} : { reverted: { ...toMark(reverted), reason: 'no' } }),
        ...(newest === undefined
          ? {}
          : {
              executed: {
                ...toMark(newest),
                calls: apart.map((each) => ({ callIndex: callsOf(each)[0] ?? 0, txHash: each.txHash })),
              },
            }),
      }
      return judgeBatch(sighting, execution.deadline)
    }
    const [found] = own
    const nonce = this.nonceOf(step)
    const taker = mined.find((each) => nonce !== undefined && each.nonce === nonce && !own.includes(each))
    const isKnown = this.hashesOf(step).some((hash) => this.chain.isAnywhere(hash))
    if (isKnown || found !== undefined || taker !== undefined) tab.missingSince.delete(stepIndex)
    else if (!tab.missingSince.has(stepIndex)) {
      const isDropped = step.state.status === 'unresolved' && step.state.failure === 'dropped'
      tab.missingSince.set(stepIndex, head.blockNumber - (isDropped ? blocksBeforeDropped : 0n))
    }
    const since = tab.missingSince.get(stepIndex)
    const sighting: TransactionSighting = {
      head,
      missingBlocks: since === undefined ? 0n : head.blockNumber - since,
      ...asTaker(taker),
      ...(found === undefined
        ? {}
        : {
            own: found.isSuccess
              ? { ...toMark(found), outcome: 'asAgreed' }
              : { ...toMark(found), outcome: 'reverted', reason: 'no' },
          }),
    }
    return judgeTransaction(sighting, isMoneyStep(step) ? execution.deadline : undefined)
  }

  /** The page has looked: everything that it says must be so. */
  checkClaims(): void {
    const execution = this.read()?.execution
    if (execution === undefined) return
    for (const step of execution.steps) this.checkClaim(step, execution)
    const summary = summariseExecution(execution)
    if (summary.status !== 'done') return
    expect(this.isMinedAs(summary.txHash, true)).toBe(true)
  }
  private isMinedAs(hash: Hex, isSuccess: boolean, blockHash?: Hex): boolean {
    return this.chain.mined.some(
      (each) => each.hash === hash && each.isSuccess === isSuccess && (blockHash ?? each.blockHash) === each.blockHash,
    )
  }
  private checkClaim({ state }: ExecutionStep, { deadline }: Execution): void {
    if (isSettled(state) && state.finality === 'final') {
      const { finalBlock } = this.chain.head()
      // That a deadline has passed is shown by its time, everything else by its block.
      if (state.status === 'notIncluded' && state.txHash === undefined) {
        expect(finalBlock?.timestamp).toBeGreaterThan(deadline)
      } else expect(finalBlock?.number).toBeGreaterThanOrEqual(state.blockNumber)
    }
    switch (state.status) {
      case 'confirmed':
        expect(this.isMinedAs(state.txHash, true, state.blockHash)).toBe(true)
        for (const hash of state.splitHashes ?? []) expect(this.isMinedAs(hash, true)).toBe(true)
        return
      case 'reverted':
        expect(this.isMinedAs(state.txHash, false, state.blockHash)).toBe(true)
        return
      case 'broken':
        for (const { txHash } of state.executed) expect(this.isMinedAs(txHash, true)).toBe(true)
        return
      case 'notIncluded':
        if (state.cause === 'expired') expect(this.chain.newest.timestamp).toBeGreaterThan(deadline)
        if (state.txHash !== undefined) expect(this.chain.mined.map(({ hash }) => hash)).toContain(state.txHash)
        return
      case 'unresolved':
        if (state.failure === 'dropped' && state.id.kind === 'transaction') {
          expect(this.chain.isAnywhere(state.id.hash)).toBe(false)
        }
        return
      default:
        return
    }
  }

  /** Every hash that the page ever learned of the saved execution is still in its journal. */
  checkHashes(): void {
    const record = this.read()
    if (record === undefined) return
    const kept = new Set(record.execution.steps.flatMap((step) => this.hashesOf(step)))
    for (const hash of this.known.get(record.execution.id) ?? []) expect(kept).toContain(hash)
    for (const { state } of record.execution.steps) {
      if (state.status === 'confirmed') this.remember(record.execution.id, state.txHash)
    }
  }
}

const isMoneyPrompt = ({ execution, stepIndex }: Prompt) => {
  const step = execution.steps[stepIndex]
  return step !== undefined && isMoneyStep(step)
}

type Answer = 'sends' | 'promises' | 'sendsInVain' | 'sendsAndFails' | 'sendsAndHides' | 'breaks' | 'declines' | 'fails'

type Happening =
  | { readonly type: 'sign'; readonly tab: number; readonly rung: Rung }
  | { readonly type: 'proceed'; readonly tab: number; readonly isAcknowledged: boolean }
  | { readonly type: 'answer'; readonly how: Answer }
  | { readonly type: 'look'; readonly tab: number }
  | { readonly type: 'reload'; readonly tab: number }
  | { readonly type: 'mine'; readonly blocks: number; readonly seconds: number }
  | { readonly type: 'reorganise'; readonly depth: number; readonly isKept: boolean }
  | { readonly type: 'drop' | 'resend'; readonly index: number }
  | { readonly type: 'replace'; readonly how: 'faster' | 'cancel' | 'other' }
  /** What usually comes next, so that long lives are reached. */
  | { readonly type: 'usual'; readonly rung: Rung }
  | { readonly type: 'sendOther' | 'continueBroken' | 'loseTrack' | 'waitAgain' | 'giveUp' }

const tab = fc.nat(1)
const rung = fc.constantFrom<Rung[]>('atomicBatch', 'approveThenSwap')
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ type: fc.constant('usual' as const), rung }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('sign' as const), tab, rung }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('proceed' as const), tab, isAcknowledged: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      how: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Answer>('sends') },
        {
          weight: 4,
          arbitrary: fc.constantFrom<Answer[]>(
            'sendsInVain',
            'promises',
            'sendsAndFails',
            'sendsAndHides',
            'breaks',
            'declines',
            'fails',
          ),
        },
      ),
    }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('look' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reload' as const), tab }) },
  {
    weight: 7,
    arbitrary: fc.record({
      type: fc.constant('mine' as const),
      blocks: fc.integer({ min: 1, max: 5 }),
      seconds: fc.constantFrom(12, 12, 12, 200),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('reorganise' as const),
      depth: fc.integer({ min: 1, max: 7 }),
      isKept: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('drop' as const, 'resend' as const), index: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('replace' as const),
      how: fc.constantFrom('faster' as const, 'cancel' as const, 'other' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'sendOther' as const,
        'continueBroken' as const,
        'loseTrack' as const,
        'waitAgain' as const,
        'giveUp' as const,
      ),
    }),
  },
)

function happen(world: World, what: Happening): void {
  const { chain } = world
  const tabOf = (index: number): Tab => world.tabs[index] ?? { name: '', generation: 0, missingSince: new Map() }
  switch (what.type) {
    case 'usual':
      world.goOn(what.rung)
      break
    case 'sign':
      world.sign(tabOf(what.tab), what.rung)
      break
    case 'proceed':
      world.proceed(tabOf(what.tab), what.isAcknowledged ? chain.nonce : undefined)
      break
    case 'answer':
      world.answer(what.how)
      break
    case 'look':
      if (world.look(tabOf(what.tab))) world.checkClaims()
      break
    case 'reload':
      world.reload(tabOf(what.tab))
      break
    case 'mine':
      for (let count = 0; count < what.blocks; count += 1) chain.mine(what.seconds)
      break
    case 'reorganise':
      chain.reorganise(what.depth, what.isKept)
      break
    case 'drop':
      chain.drop(what.index)
      break
    case 'resend': {
      const again = chain.dropped[what.index % Math.max(1, chain.dropped.length)]
      if (again !== undefined && !chain.waiting.some(({ nonce }) => nonce === again.nonce)) chain.admit(again)
      break
    }
    case 'replace':
      world.replaceWaiting(what.how)
      break
    case 'sendOther':
      chain.send(chain.pendingNonce, { kind: 'other' })
      break
    case 'continueBroken':
      world.continueBroken()
      break
    case 'giveUp':
      // A wallet that keeps to EIP-5792 gives up only what it will not send any more.
      world.isGivenUp = world.prompts.every(
        ({ isOpen, rest, sent }) => !isOpen && rest.length === 0 && sent.length === 0,
      )
      break
    case 'loseTrack':
      world.applyToAll((stepIndex) => ({ type: 'lostTrack', stepIndex, failure: 'timeout' }))
      break
    case 'waitAgain':
      world.applyToAll((stepIndex) => ({ type: 'waitAgain', stepIndex }))
      break
  }
}

const happenings = fc.array(happening, { maxLength: 40, size: 'max' })

function live(what: readonly Happening[], check: (world: World) => void): World {
  const world = new World()
  for (const each of what) {
    happen(world, each)
    check(world)
  }
  return world
}

test('property: A-25 A-29 T-26 T-27 T-30 whatever 40 things happen, no hash is lost, nothing is asked for twice, and a look makes every claim true', () => {
  fc.assert(
    fc.property(happenings, (what) => {
      live(what, (world) => world.checkHashes())
    }),
    { numRuns: runs(600) },
  )
})

test('property: A-29 whatever happened, within a few blocks all is known and final, and it stays so', () => {
  fc.assert(
    fc.property(happenings, (what) => {
      const world = live(what, () => undefined)
      const [tab] = world.tabs
      if (tab === undefined) return
      for (const each of world.tabs) world.reload(each)
      while (world.prompts.some(({ isOpen }) => isOpen)) world.answer('declines')
      for (const prompt of world.prompts) prompt.rest = []
      for (let count = 0; count < 20; count += 1) {
        world.chain.mine(100)
        world.look(tab)
        world.checkClaims()
        world.checkHashes()
      }
      const execution = world.read()?.execution
      if (execution === undefined) return
      for (const { state } of execution.steps.filter(isMoneyStep)) expect(isAtRest(state), state.status).toBe(true)
      expect(mayPutAway(execution), JSON.stringify(execution.steps.map(({ state }) => state.status))).toBe(true)
      const before = JSON.stringify(encodeJson(world.read()))
      world.look(tab)
      expect(JSON.stringify(encodeJson(world.read()))).toBe(before)
    }),
    { numRuns: runs(400) },
  )
})

/** Nothing of it can change any more. */
function isAtRest(state: StepState): boolean {
  return isSettled(state) ? state.finality === 'final' : ['idle', 'held', 'unsent'].includes(state.status)
}
