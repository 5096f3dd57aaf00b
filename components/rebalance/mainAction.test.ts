import { describe, expect, test } from 'vitest'
import { type MainActionFacts, selectMainAction } from './mainAction'

const ready: MainActionFacts = {
  session: 'connected',
  isOnOtherChain: false,
  chainName: 'Local chain',
  plan: 'planned',
  isPreparingReview: false,
}

describe('selectMainAction', () => {
  test('default', () => {
    expect(selectMainAction(ready)).toEqual({ kind: 'review', label: 'Review', isBusy: false, isDisabled: false })
  })

  test('behaviour: without a wallet it connects, on another chain it switches', () => {
    expect(selectMainAction({ ...ready, session: 'none' })).toMatchObject({ kind: 'connect', label: 'Connect wallet' })
    expect(selectMainAction({ ...ready, session: 'watching' })).toMatchObject({ kind: 'connect', isDisabled: false })
    expect(selectMainAction({ ...ready, isOnOtherChain: true })).toMatchObject({
      kind: 'switchChain',
      label: 'Switch to Local chain',
    })
  })

  test('behaviour: whenever it is disabled it says why', () => {
    const sessions = ['starting', 'none', 'watching', 'connected'] as const
    const plans = ['loading', 'planned', 'nothingToDo', 'blocked', 'failed'] as const
    const flags = [true, false]
    const actions = sessions.flatMap((session) =>
      plans.flatMap((plan) =>
        flags.flatMap((isOnOtherChain) =>
          flags.map((isPreparingReview) =>
            selectMainAction({ ...ready, session, plan, isOnOtherChain, isPreparingReview }),
          ),
        ),
      ),
    )
    for (const action of actions) if (action.isDisabled) expect(action.reason).toBeTruthy()
  })
})
