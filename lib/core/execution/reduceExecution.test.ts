import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '@/lib/testing/runs'
import type { Bundle } from '../bundle'
import type { Hex } from '../units'
import type { Execution, ExecutionFailure, NotIncludedCause, Rung, SentId } from './execution'
import {
  currentStepIndex,
  type ExecutionEvent,
  isInFlight,
  isSettled,
  isSpedUp,
  isWatchable,
  mayPutAway,
  reduceExecution,
  sentIdOf,
  summariseExecution,
} from './reduceExecution'
import { startExecution } from './startExecution'

const hash = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`
const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const token = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const call = { to: token, data: '0x', value: 0n } as const
const bundle: Bundle = {
  chainId: 31337,
  account,
  approvals: [call, call, call],
  swap: call,
  deadline: 600,
  hash: hash(1),
}
const approvals = [0n, 5n, 7n].map((amount) => ({ kind: 'erc20', token, spender: account, amount }) as const)

function start(rung: Rung): Execution {
  return startExecution({ id: 'one', rung, bundle, approvals })
}

const transaction: SentId = { kind: 'transaction', hash: hash(2) }
const request = { nonce: 0, blockNumber: 1n, callsHash: hash(3) }
const requested = (stepIndex: number): ExecutionEvent => ({ type: 'requested', stepIndex, request })
const sent = (stepIndex: number, id: SentId = transaction): ExecutionEvent => ({ type: 'sent', stepIndex, id })
const block = { blockNumber: 9n, blockHash: hash(9) }
const confirmed = (stepIndex: number): ExecutionEvent => ({ type: 'confirmed', stepIndex, txHash: hash(4), ...block })
const final = (stepIndex: number): ExecutionEvent => ({ type: 'final', stepIndex })
const reorganised = (stepIndex: number): ExecutionEvent => ({ type: 'reorganised', stepIndex })

function play(events: readonly ExecutionEvent[], from: Execution): Execution {
  return events.reduce(reduceExecution, from)
}

test('default', () => {
  expect(start('atomicBatch').steps.map(({ kind }) => kind)).toEqual(['batch'])
  const execution = start('approveThenSwap')
  expect(execution.steps.map(({ kind }) => kind)).toEqual(['resetApproval', 'approval', 'approval', 'swap'])
  expect(summariseExecution(execution)).toEqual({ status: 'ready' })
  const done = play(
    execution.steps.flatMap((_, i) => [requested(i), sent(i), confirmed(i)]),
    execution,
  )
  const result = { status: 'done', txHash: hash(4), blockNumber: 9n } as const
  expect(summariseExecution(done)).toEqual({ ...result, finality: 'included' })
  expect(isWatchable(done)).toBe(true)
  const almost = play([1, 2, 3].map(final), done)
  expect(summariseExecution(almost)).toEqual({ ...result, finality: 'included' })
  expect(isWatchable(almost)).toBe(true)
  expect(isWatchable(execution)).toBe(false)
  const ended = play([final(0)], almost)
  expect(summariseExecution(ended)).toEqual({ ...result, finality: 'final' })
  expect(isWatchable(ended)).toBe(false)
})

describe('one step', () => {
  const awaiting = play([requested(0), sent(0)], start('atomicBatch'))

  test('behaviour: a rejection can be asked for again', () => {
    const rejected = play([requested(0), { type: 'notSent', stepIndex: 0, failure: 'rejected' }], start('atomicBatch'))
    expect(summariseExecution(rejected)).toEqual({ status: 'paused', stepIndex: 0, failure: 'rejected' })
    expect(play([requested(0)], rejected).steps[0]?.state).toEqual({ status: 'awaitingSignature' })
  })

  test('behaviour: lost track offers waiting, never sending', () => {
    const lost = play([{ type: 'lostTrack', stepIndex: 0, failure: 'timeout' }], awaiting)
    expect(summariseExecution(lost)).toEqual({ status: 'unresolved', stepIndex: 0, failure: 'timeout' })
    expect(play([requested(0)], lost)).toBe(lost)
    expect(play([{ type: 'waitAgain', stepIndex: 0 }], lost)).toEqual(awaiting)
    expect(summariseExecution(play([confirmed(0)], lost)).status).toBe('done')
  })

  test('behaviour: T-30 a reorganisation takes it back to waiting, with every hash it had', () => {
    const back = play([confirmed(0), reorganised(0)], awaiting)
    const undone = [{ txHash: hash(4), blockNumber: 9n }]
    expect(back.steps[0]).toEqual({ ...awaiting.steps[0], undone })
    expect(play([confirmed(0), reorganised(0)], back)).toEqual(back)
    const other: ExecutionEvent = { type: 'reverted', stepIndex: 0, txHash: hash(5), reason: '', ...block }
    expect(play([other, reorganised(0)], back).steps[0]?.undone).toEqual([
      ...undone,
      { txHash: hash(5), blockNumber: 9n },
    ])
  })

  test('behaviour: T-30 what is final stays', () => {
    const ended = play([confirmed(0), final(0)], awaiting)
    expect(play([reorganised(0), { type: 'lostTrack', stepIndex: 0, failure: 'timeout' }, confirmed(0)], ended)).toBe(
      ended,
    )
  })

  test('behaviour: what was sent cannot be made unsent', () => {
    expect(play([{ type: 'notSent', stepIndex: 0, failure: 'rejected' }], awaiting)).toBe(awaiting)
  })

  const failed = [
    { type: 'reverted', stepIndex: 0, txHash: hash(4), reason: 'STF', ...block },
    { type: 'notIncluded', stepIndex: 0, cause: 'replaced', ...block },
    { type: 'broken', stepIndex: 0, executed: [{ callIndex: 0, txHash: hash(4) }], rest: 'over', ...block },
  ] as const satisfies readonly ExecutionEvent[]
  test.each(failed)(
    'behaviour: $type is an end, is never asked for again, and gives way to what the chain shows',
    (event) => {
      const ended = play([event], awaiting)
      expect(summariseExecution(ended)).toEqual({ status: 'failed', stepIndex: 0 })
      expect(play([requested(0), sent(0), { type: 'waitAgain', stepIndex: 0 }], ended)).toBe(ended)
      expect(mayPutAway(ended)).toBe(true)
      expect(summariseExecution(play([confirmed(0)], ended)).status).toBe('done')
      expect(play([final(0), confirmed(0)], ended).steps[0]?.state).toMatchObject({
        status: event.type,
        finality: 'final',
      })
    },
  )

  test('behaviour: F-13 a broken batch stands in the way of another rebalance while its swap can still come', () => {
    const broken = play([{ ...failed[2], rest: 'mayRun' }], awaiting)
    expect(summariseExecution(broken)).toEqual({ status: 'failed', stepIndex: 0 })
    expect(mayPutAway(broken)).toBe(false)
  })

  test('behaviour: T-31 held until that very nonce is acknowledged', () => {
    const waiting = { nonce: 4, order: 'before' } as const
    const held = play([{ type: 'held', stepIndex: 0, waiting }], start('atomicBatch'))
    expect(summariseExecution(held)).toEqual({ status: 'held', stepIndex: 0, waiting })
    expect(mayPutAway(held)).toBe(true)
    expect(play([{ type: 'acknowledged', stepIndex: 0, nonce: 5 }], held)).toBe(held)
    const acknowledged = play([{ type: 'acknowledged', stepIndex: 0, nonce: 4 }], held)
    expect(acknowledged.steps[0]).toMatchObject({ state: { status: 'idle' }, acknowledgedNonce: 4 })
    expect(play([requested(0)], held).steps[0]?.state).toEqual({ status: 'awaitingSignature' })
  })

  test('behaviour: T-27 what went out although the wallet had said no is not lost', () => {
    const unsent = play([requested(0), { type: 'notSent', stepIndex: 0, failure: 'unknown' }], start('atomicBatch'))
    expect(play([sent(0)], unsent)).toEqual({ ...awaiting })
    const never = play([{ type: 'notSent', stepIndex: 0, failure: 'wrongChain' }], start('atomicBatch'))
    expect(play([sent(0)], never)).toBe(never)
  })

  test('behaviour: asked for again, it is searched for from where it was asked for first', () => {
    const later = { nonce: 3, blockNumber: 8n, callsHash: hash(8) }
    const no: ExecutionEvent = { type: 'notSent', stepIndex: 0, failure: 'rejected' }
    const again = play([requested(0), no, { type: 'requested', stepIndex: 0, request: later }], start('atomicBatch'))
    expect(again.steps[0]?.request).toEqual({ ...later, blockNumber: 1n })
  })

  test('behaviour: F-20 another hash than the wallet gave is a faster one, except of a batch', () => {
    const state = play([confirmed(0)], awaiting).steps[0]?.state ?? { status: 'idle' }
    const same =
      play([{ type: 'confirmed', stepIndex: 0, txHash: hash(2), ...block }], awaiting).steps[0]?.state ?? state
    expect(isSpedUp({ kind: 'swap', state })).toBe(true)
    expect(isSpedUp({ kind: 'batch', state })).toBe(false)
    expect(isSpedUp({ kind: 'swap', state: same })).toBe(false)
    expect(isSpedUp({ kind: 'swap', state: { status: 'idle' } })).toBe(false)
  })

  test('behaviour: the nonce that the chain shows is kept', () => {
    const seen = play([{ type: 'seen', stepIndex: 0, nonce: 7 }], awaiting)
    expect(seen.steps[0]?.nonce).toBe(7)
    expect(play([{ type: 'seen', stepIndex: 0, nonce: 7 }], seen)).toBe(seen)
  })
})

describe('several steps', () => {
  const done = play(
    [0, 1, 2, 3].flatMap((i) => [requested(i), sent(i), confirmed(i)]),
    start('approveThenSwap'),
  )

  test('behaviour: T-30 a deep reorganisation takes all of them back, and nothing is asked for meanwhile', () => {
    const back = play([3, 2, 1, 0].map(reorganised), done)
    expect(summariseExecution(back)).toEqual({ status: 'active', stepIndex: 0 })
    expect(mayPutAway(back)).toBe(false)
    expect(mayPutAway(play([reorganised(0)], done))).toBe(true)
    const first = play([confirmed(0)], back)
    expect(summariseExecution(first)).toEqual({ status: 'active', stepIndex: 1 })
    expect(play([requested(1)], first)).toBe(first)
    const lost = play([{ type: 'notIncluded', stepIndex: 1, cause: 'replaced', ...block }], first)
    expect(summariseExecution(lost)).toEqual({ status: 'active', stepIndex: 2 })
  })

  test('behaviour: once the swaps are confirmed it is done, whatever is said of an approval', () => {
    const odd = play([reorganised(0)], done)
    expect(summariseExecution(odd)).toMatchObject({ status: 'done', finality: 'included' })
  })

  test('behaviour: A-25 an approval that waits does not stand in the way, a swap or an open prompt does', () => {
    const dropped = (stepIndex: number): ExecutionEvent => ({ type: 'lostTrack', stepIndex, failure: 'dropped' })
    const approval = play([requested(0), sent(0), dropped(0)], start('approveThenSwap'))
    expect(summariseExecution(approval)).toEqual({ status: 'unresolved', stepIndex: 0, failure: 'dropped' })
    expect(mayPutAway(approval)).toBe(true)
    expect(mayPutAway(play([requested(0), sent(0)], start('approveThenSwap')))).toBe(true)
    expect(mayPutAway(play([requested(0), sent(0), dropped(0)], start('atomicBatch')))).toBe(false)
    expect(mayPutAway(play([requested(0), sent(0)], start('atomicBatch')))).toBe(false)
    expect(mayPutAway(play([requested(0)], start('approveThenSwap')))).toBe(false)
  })
})

test('behaviour: between two steps it is active, not ready', () => {
  const between = play([requested(0), sent(0), confirmed(0)], start('approveThenSwap'))
  expect(summariseExecution(between)).toEqual({ status: 'active', stepIndex: 1 })
})

const failure = fc.constantFrom<ExecutionFailure[]>('rejected', 'wrongChain', 'timeout', 'unknown', 'quoteMoved')
const stepIndex = fc.integer({ min: -1, max: 5 })
const hashes = fc.integer({ min: 0, max: 255 }).map(hash)
const id: fc.Arbitrary<SentId> = fc.oneof(
  hashes.map((value): SentId => ({ kind: 'transaction', hash: value })),
  fc.string().map((batchId): SentId => ({ kind: 'batch', batchId })),
)
const mark = { blockNumber: fc.bigInt({ min: 0n, max: 99n }), blockHash: hashes }
const type = <Type extends string>(name: Type) => fc.constant(name)
const event: fc.Arbitrary<ExecutionEvent> = fc.oneof(
  fc.record({ type: type('requested'), stepIndex, request: fc.constant(request) }),
  fc.record({ type: type('held'), stepIndex, waiting: fc.constant({ nonce: 1, order: 'before' } as const) }),
  fc.record({ type: type('acknowledged'), stepIndex, nonce: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ type: type('sent'), stepIndex, id }),
  fc.record({ type: type('notSent'), stepIndex, failure }),
  fc.record({ type: type('seen'), stepIndex, nonce: fc.nat(9) }),
  fc.record({ type: type('confirmed'), stepIndex, txHash: hashes, ...mark }),
  fc.record({ type: type('reverted'), stepIndex, txHash: hashes, reason: fc.string(), ...mark }),
  fc.record({
    type: type('notIncluded'),
    stepIndex,
    cause: fc.constantFrom<NotIncludedCause[]>('cancelled', 'replaced', 'expired', 'droppedByWallet'),
    ...mark,
  }),
  fc.record({
    type: type('broken'),
    stepIndex,
    executed: fc.constant([{ callIndex: 0, txHash: hash(7) }]),
    rest: fc.constantFrom('mayRun' as const, 'over' as const),
    ...mark,
  }),
  fc.record({ type: type('lostTrack'), stepIndex, failure }),
  fc.record({ type: type('waitAgain'), stepIndex }),
  fc.record({ type: type('reorganised'), stepIndex }),
  fc.record({ type: type('final'), stepIndex }),
)
/** Events at random, and in between those that move the current step on, so that long executions are reached. */
const events = fc.array(
  fc.oneof({ weight: 2, arbitrary: event }, { weight: 3, arbitrary: fc.constant('next' as const) }),
  {
    maxLength: 40,
  },
)
const rung = fc.constantFrom<Rung[]>('atomicBatch', 'approveThenSwap')

function nextEvent(execution: Execution): ExecutionEvent {
  const index = currentStepIndex(execution) ?? 0
  const status = execution.steps[index]?.state.status
  if (status === 'awaitingSignature') return sent(index)
  return status === 'awaitingReceipt' || status === 'unresolved' ? confirmed(index) : requested(index)
}

/** Every state that a random life passes through. */
function live(of: Rung, choices: readonly (ExecutionEvent | 'next')[]): readonly Execution[] {
  const states = [start(of)]
  for (const choice of choices) {
    const last = states.at(-1) ?? start(of)
    states.push(reduceExecution(last, choice === 'next' ? nextEvent(last) : choice))
  }
  return states
}

function forEveryLife(check: (states: readonly Execution[]) => void): void {
  fc.assert(
    fc.property(rung, events, (of, choices) => check(live(of, choices))),
    { numRuns: runs(500) },
  )
}

test('property: a hash or batch id, once there, is never lost and never changes', () => {
  forEveryLife((states) => {
    states.forEach((state, i) => {
      state.steps.forEach((step, k) => {
        const before = states[i - 1]?.steps[k]
        const known = before === undefined ? undefined : sentIdOf(before.state)
        if (known !== undefined) expect(sentIdOf(step.state)).toEqual(known)
      })
    })
  })
})

test('property: what was sent never becomes idle, unsent or asked for again', () => {
  forEveryLife((states) => {
    states.forEach((state, i) => {
      state.steps.forEach((step, k) => {
        const before = states[i - 1]?.steps[k]
        if (before === undefined || sentIdOf(before.state) === undefined) return
        expect(['idle', 'unsent', 'awaitingSignature']).not.toContain(step.state.status)
      })
    })
  })
})

test('property: a step is only asked for when all before it are confirmed and nothing is in flight', () => {
  forEveryLife((states) => {
    states.forEach(({ steps }, i) => {
      const before = states[i - 1]
      if (before === undefined) return
      steps.forEach(({ state }, k) => {
        if (state.status !== 'awaitingSignature' || before.steps[k]?.state.status === 'awaitingSignature') return
        expect(before.steps.some((step) => isInFlight(step.state))).toBe(false)
        for (const earlier of before.steps.slice(0, k)) expect(earlier.state.status).toBe('confirmed')
      })
    })
  })
})

test('property: what is final never changes', () => {
  forEveryLife((states) => {
    states.forEach(({ steps }, i) => {
      steps.forEach((step, k) => {
        const before = states[i - 1]?.steps[k]
        if (before !== undefined && isSettled(before.state) && before.state.finality === 'final') {
          expect(step).toBe(before)
        }
      })
    })
  })
})

test('property: every transaction that the chain ever showed stays known until the step is', () => {
  forEveryLife((states) => {
    states.forEach(({ steps }, i) => {
      steps.forEach((step, k) => {
        const before = states[i - 1]?.steps[k]
        const known = before?.undone ?? []
        const isTakenBack = before?.state.status === 'confirmed' && step.state.status === 'awaitingReceipt'
        const hashesNow = step.undone?.map(({ txHash }) => txHash) ?? []
        for (const { txHash } of known) expect(hashesNow).toContain(txHash)
        if (isTakenBack && before.state.status === 'confirmed') expect(hashesNow).toContain(before.state.txHash)
      })
    })
  })
})

test('property: a request, once made, stays known', () => {
  forEveryLife((states) => {
    for (const { steps } of states) {
      for (const step of steps) {
        if (isInFlight(step.state) || sentIdOf(step.state) !== undefined) expect(step.request).toBeDefined()
      }
    }
  })
})

test('property: an event changes its own step and nothing else; one for a step that is not there changes nothing', () => {
  fc.assert(
    fc.property(rung, events, event, (of, choices, last) => {
      const before = live(of, choices).at(-1) ?? start(of)
      const after = reduceExecution(before, last)
      if (before.steps[last.stepIndex] === undefined) expect(after).toBe(before)
      expect({ ...after, steps: [] }).toEqual({ ...before, steps: [] })
      before.steps.forEach((step, k) => {
        if (k !== last.stepIndex) expect(after.steps[k]).toBe(step)
      })
    }),
  )
})

test('behaviour: an execution of no steps waits for nothing, and is ready', () => {
  const empty: Execution = { ...start('approveThenSwap'), steps: [] }
  expect(currentStepIndex(empty)).toBeUndefined()
  expect(summariseExecution(empty)).toEqual({ status: 'ready' })
  expect(reduceExecution(empty, { type: 'requested', stepIndex: 0, request })).toBe(empty)
})
