import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bundle } from '../bundle'
import type { Hex } from '../units'
import type { Execution, ExecutionFailure, Rung, SentId } from './execution'
import {
  currentStepIndex,
  type ExecutionEvent,
  isInFlight,
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
const approvals = [0n, 5n, 7n].map((amount) => ({ token, spender: account, amount }) as const)

function start(rung: Rung): Execution {
  return startExecution({ id: 'one', rung, bundle, approvals })
}

const transaction: SentId = { kind: 'transaction', hash: hash(2) }
const request = { nonce: 0, blockNumber: 1n, callsHash: hash(3) }
const requested = (stepIndex: number): ExecutionEvent => ({ type: 'requested', stepIndex, request })
const sent = (stepIndex: number, id: SentId = transaction): ExecutionEvent => ({ type: 'sent', stepIndex, id })
const confirmed = (stepIndex: number): ExecutionEvent => ({
  type: 'confirmed',
  stepIndex,
  txHash: hash(4),
  blockNumber: 9n,
})

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
  expect(summariseExecution(done)).toEqual({ status: 'done', txHash: hash(4), blockNumber: 9n })
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

  test('behaviour: a reorganisation takes it back to waiting, with its id', () => {
    const back = play([confirmed(0), { type: 'reorganised', stepIndex: 0 }], awaiting)
    expect(back).toEqual(awaiting)
  })

  test('behaviour: what was sent cannot be made unsent', () => {
    expect(play([{ type: 'notSent', stepIndex: 0, failure: 'rejected' }], awaiting)).toBe(awaiting)
  })

  test.each([
    { type: 'reverted', stepIndex: 0, txHash: hash(4), reason: 'STF' },
    { type: 'notIncluded', stepIndex: 0, cause: 'replaced' },
  ] as const)('behaviour: $type is the end', (event) => {
    const ended = play([event], awaiting)
    expect(summariseExecution(ended)).toEqual({ status: 'failed', stepIndex: 0 })
    expect(play([requested(0), confirmed(0), sent(0)], ended)).toBe(ended)
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
const event: fc.Arbitrary<ExecutionEvent> = fc.oneof(
  fc.record({ type: fc.constant('requested' as const), stepIndex, request: fc.constant(request) }),
  fc.record({ type: fc.constant('sent' as const), stepIndex, id }),
  fc.record({ type: fc.constant('notSent' as const), stepIndex, failure }),
  fc.record({
    type: fc.constant('confirmed' as const),
    stepIndex,
    txHash: hashes,
    blockNumber: fc.bigInt({ min: 0n, max: 99n }),
  }),
  fc.record({ type: fc.constant('reverted' as const), stepIndex, txHash: hashes, reason: fc.string() }),
  fc.record({
    type: fc.constant('notIncluded' as const),
    stepIndex,
    cause: fc.constantFrom('replaced' as const, 'expired' as const, 'droppedByWallet' as const),
  }),
  fc.record({ type: fc.constant('lostTrack' as const), stepIndex, failure }),
  fc.record({ type: fc.constant('waitAgain' as const), stepIndex }),
  fc.record({ type: fc.constant('reorganised' as const), stepIndex }),
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
    { numRuns: 500 },
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

test('property: at most one step is in flight, and no step starts before all earlier ones are confirmed', () => {
  forEveryLife((states) => {
    for (const { steps } of states) {
      expect(steps.filter(({ state }) => isInFlight(state)).length).toBeLessThanOrEqual(1)
      const firstOpen = steps.findIndex(({ state }) => state.status !== 'confirmed')
      if (firstOpen === -1) continue
      for (const { state } of steps.slice(firstOpen + 1)) expect(state).toEqual({ status: 'idle' })
    }
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
