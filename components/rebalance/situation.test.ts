import { describe, expect, test } from 'vitest'
import { type Execution, executionFailures } from '@/lib/core/execution/execution'
import { mayPutAway } from '@/lib/core/execution/reduceExecution'
import { describeSituation, type SituationFacts } from './situation'
import { everyState, executionOf } from './testing/exampleStates'

const { confirmed, held, awaitingSignature, awaitingReceipt, brokenMayRun, brokenOver } = everyState
const resting = { status: 'resting' } as const
const running = { status: 'driving', mode: 'run' } as const
const resuming = { status: 'driving', mode: 'resume' } as const

const situationOf = (execution: Execution, facts: Partial<SituationFacts> = {}) =>
  describeSituation({
    execution,
    drive: resting,
    isOnOtherChain: false,
    chainName: 'Local chain',
    isAnswerLate: false,
    ...facts,
  })

const actionsOf = (...given: Parameters<typeof situationOf>) => situationOf(...given)?.actions.map(({ kind }) => kind)

describe('describeSituation', () => {
  test('default', () => {
    expect(situationOf(executionOf(awaitingSignature), { drive: running })).toMatchObject({
      role: 'note',
      title: 'Confirm in your wallet',
      actions: [],
    })
    expect(situationOf(executionOf(confirmed, confirmed))).toBeUndefined()
  })

  test('behaviour: every state of a later step has words, whatever the page is doing', () => {
    const drives = [resting, running, resuming, { status: 'failed', failure: 'unreachable' }] as const
    for (const state of Object.values(everyState).filter(({ status }) => status !== 'confirmed')) {
      for (const drive of drives) {
        const told = situationOf(executionOf(confirmed, state), { drive })
        expect(told?.title, `${state.status} ${drive.status}`).toMatch(/^[A-Z].{8,}/)
        expect(told?.body, `${state.status} ${drive.status}`).toMatch(/\.$/)
      }
    }
  })

  test('behaviour: whatever rests and is not followed by itself can be acted upon', () => {
    const followed = new Set(['awaitingReceipt', 'confirmed'])
    for (const state of Object.values(everyState).filter(({ status }) => !followed.has(status))) {
      expect(actionsOf(executionOf(confirmed, state)), state.status).not.toEqual([])
    }
  })

  test('behaviour: every failure that pauses has a stable code and a way on', () => {
    for (const failure of executionFailures) {
      const told = situationOf(executionOf(confirmed, { status: 'unsent', failure }))
      expect(told?.code).toBe(failure)
      expect(told?.actions.length, failure).toBeGreaterThan(0)
    }
  })

  test('behaviour: nothing is put away that may still move value', () => {
    for (const state of Object.values(everyState)) {
      for (const drive of [resting, running, { status: 'failed', failure: 'unreachable' } as const]) {
        const execution = executionOf(confirmed, state)
        const actions = actionsOf(execution, { drive }) ?? []
        if (mayPutAway(execution)) continue
        expect(actions, state.status).not.toContain('stop')
        expect(actions, state.status).not.toContain('planAgain')
      }
    }
  })

  test('behaviour: an older transaction is named, and goes first unless the person says otherwise', () => {
    expect(situationOf(executionOf(held))).toMatchObject({
      code: 'held-before',
      role: 'alert',
      title: 'You have an unconfirmed transaction',
      actions: [{ kind: 'waitAndLook' }, { kind: 'sendAllTheSame', nonce: 3 }, { kind: 'stop' }],
    })
    expect(situationOf(executionOf(held))?.body).toContain('nonce 3, and ours would wait behind it')
  })

  test('behaviour: one behind a gap would be let go', () => {
    const told = situationOf(executionOf({ status: 'held', waiting: { nonce: 9, order: 'after' } }))
    expect(told).toMatchObject({ code: 'held-after' })
    expect(told?.body).toContain('let it go')
  })

  test('behaviour: a wallet that does not answer for long is pointed at, without an error', () => {
    expect(situationOf(executionOf(awaitingSignature), { drive: running, isAnswerLate: true })).toMatchObject({
      role: 'note',
      code: 'noAnswerYet',
      title: 'Open your wallet',
    })
  })

  test('behaviour: after a reload the person can say that it was declined', () => {
    expect(actionsOf(executionOf(awaitingSignature), { drive: resuming })).toEqual(['declined'])
    expect(actionsOf(executionOf(awaitingSignature))).toEqual(['declined', 'lookAgain'])
    expect(actionsOf(executionOf(awaitingSignature), { drive: running })).toEqual([])
  })

  test('behaviour: a block that was taken back is no alarm', () => {
    const undone = [{ txHash: '0x01', blockNumber: 7n }] as const
    expect(situationOf(executionOf({ state: awaitingReceipt, undone }))).toMatchObject({
      code: 'undone',
      role: 'note',
      tone: 'info',
    })
  })

  test('behaviour: broken atomicity is red, and is over only once the rest cannot run', () => {
    expect(situationOf(executionOf(brokenMayRun))).toMatchObject({ code: 'broken-mayRun', tone: 'danger' })
    expect(actionsOf(executionOf(brokenMayRun))).toEqual(['lookAgain'])
    expect(situationOf(executionOf(brokenOver))).toMatchObject({ code: 'broken-over', role: 'alert' })
    expect(actionsOf(executionOf(brokenOver))).toEqual(['planAgain'])
  })

  test('behaviour: a cancellation of the person is no error, a replacement is', () => {
    expect(situationOf(executionOf(everyState.cancelled))).toMatchObject({
      code: 'notIncluded-cancelled',
      role: 'note',
      title: 'Nothing was traded',
      body: 'You cancelled it in your wallet.',
    })
    expect(situationOf(executionOf(everyState.replaced))).toMatchObject({ code: 'notIncluded-replaced', role: 'alert' })
  })

  test('behaviour: on another chain the way on is to switch', () => {
    const execution = executionOf(confirmed, { status: 'unsent', failure: 'wrongChain' })
    expect(actionsOf(execution, { isOnOtherChain: true })).toEqual(['switchChain', 'stop'])
    expect(actionsOf(execution)).toEqual(['proceed', 'stop'])
  })

  test('behaviour: another tab that drives is no error of this one', () => {
    const drive = { status: 'failed', failure: 'walletPending' } as const
    expect(situationOf(executionOf(awaitingReceipt), { drive })).toMatchObject({
      code: 'walletPending',
      role: 'note',
      actions: [{ kind: 'lookAgain' }],
    })
  })

  test('behaviour: what routers, pools and Permit2 say of a revert is put into words, the unknown quoted as it is', () => {
    const bodyOf = (reason: string) => situationOf(executionOf({ ...everyState.reverted, reason }))?.body
    expect(bodyOf('V4TooLittleReceived')).toBe('Reason: the market moved past your minimum (“V4TooLittleReceived”).')
    expect(bodyOf('TransactionDeadlinePassed')).toContain('the deadline had passed')
    expect(bodyOf('STF')).toContain('or a token refused to be taken (“STF”)')
    expect(bodyOf('TF')).toContain('a token refused to be paid out')
    expect(bodyOf('constructor')).toBe('Reason: “constructor”.')
  })
})
