import { describe, expect, test } from 'vitest'
import type { PlanFile } from '@/lib/core/certificate/planFile'
import type { FrontierPlan, PlanOutcome, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { PlannerResponse } from './plannerMessages'
import { createPlannerQueue } from './plannerQueue'

const outcome: PlanOutcome = { status: 'nothingToDo', driftBps: 0, skipped: [] }
const request = (name: string) => ({ name }) as unknown as PlanRequest
const nothing = request('nothing')

const routers = { swapRouter02: '0x01', universalRouter: '0x02' } as const

/** Frontiers of three steps, of which the second brings no plan. */
function* walk(request: PlanRequest): Generator<FrontierPlan | undefined, void, undefined> {
  const planOf = (legs: number) => ({ legs, plan: { request } as unknown as RebalancePlan })
  yield planOf(1)
  yield undefined
  yield planOf(3)
}

function startQueue(plan: (request: PlanRequest) => PlanOutcome = () => outcome, walkFrontier = walk) {
  const tasks: (() => void)[] = []
  const responses: PlannerResponse[] = []
  const planned: PlanRequest[] = []
  let now = 0
  const queue = createPlannerQueue({
    plan: (asked) => {
      planned.push(asked)
      now += 5
      return plan(asked)
    },
    walkFrontier,
    exportPlan: (asked, addresses) => (asked === nothing ? undefined : ({ asked, addresses } as unknown as PlanFile)),
    respond: (response) => responses.push(response),
    schedule: (task) => tasks.push(task),
    clock: () => now,
  })
  const runAll = () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task()
  }
  return { queue, responses, planned, runAll }
}

describe('createPlannerQueue', () => {
  test('default', () => {
    const { queue, responses, runAll } = startQueue()
    queue.receive({ kind: 'plan', id: 1, request: request('a') })
    runAll()
    expect(responses).toEqual([{ kind: 'planned', id: 1, outcome, elapsedMs: 5 }])
  })

  test('behaviour: a request cancelled before its turn is never computed', () => {
    const { queue, responses, planned, runAll } = startQueue()
    queue.receive({ kind: 'plan', id: 1, request: request('a') })
    queue.receive({ kind: 'plan', id: 2, request: request('b') })
    queue.receive({ kind: 'cancel', id: 1 })
    runAll()
    expect(planned).toEqual([request('b')])
    expect(responses.map((response) => ('id' in response ? response.id : undefined))).toEqual([2])
  })

  test('behaviour: a failure is answered by name and the queue goes on', () => {
    const { queue, responses, runAll } = startQueue((asked) => {
      if ((asked as unknown as { name: string }).name === 'bad') throw new RangeError('no such pool')
      return outcome
    })
    queue.receive({ kind: 'plan', id: 1, request: request('bad') })
    queue.receive({ kind: 'plan', id: 2, request: request('good') })
    runAll()
    expect(responses).toEqual([
      { kind: 'failed', id: 1, name: 'RangeError', message: 'no such pool' },
      { kind: 'planned', id: 2, outcome, elapsedMs: 5 },
    ])
  })

  test('behaviour: a frontier is walked to its end and answered once', () => {
    const { queue, responses, runAll } = startQueue()
    queue.receive({ kind: 'frontier', id: 1, request: request('a') })
    runAll()
    expect(responses).toMatchObject([{ kind: 'frontier', id: 1, plans: [{ legs: 1 }, { legs: 3 }] }])
  })

  test('behaviour: a plan waits for one step of a frontier at most', () => {
    const order: string[] = []
    const { queue, runAll } = startQueue(
      () => {
        order.push('plan')
        return outcome
      },
      function* () {
        for (const step of ['one', 'two', 'three']) {
          order.push(step)
          if (step === 'one') queue.receive({ kind: 'plan', id: 2, request: request('urgent') })
          yield undefined
        }
      },
    )
    queue.receive({ kind: 'frontier', id: 1, request: request('a') })
    runAll()
    expect(order).toEqual(['one', 'plan', 'two', 'three'])
  })

  test('behaviour: a cancelled frontier is not walked to its end', () => {
    const order: string[] = []
    const { queue, responses, runAll } = startQueue(undefined, function* () {
      order.push('one')
      queue.receive({ kind: 'cancel', id: 1 })
      yield undefined
      order.push('two')
    })
    queue.receive({ kind: 'frontier', id: 1, request: request('a') })
    runAll()
    expect(order).toEqual(['one'])
    expect(responses).toEqual([])
  })

  test('behaviour: a frontier that fails is answered by name, and the next one is walked', () => {
    let walks = 0
    const { queue, responses, runAll } = startQueue(undefined, function* () {
      walks += 1
      yield undefined
      if (walks === 1) throw new RangeError('no such pool')
    })
    queue.receive({ kind: 'frontier', id: 1, request: request('a') })
    queue.receive({ kind: 'frontier', id: 2, request: request('b') })
    runAll()
    expect(responses).toMatchObject([
      { kind: 'failed', id: 1, name: 'RangeError' },
      { kind: 'frontier', id: 2, plans: [] },
    ])
  })

  test('behaviour: a plan is exported, or there is no file', () => {
    const { queue, responses, runAll } = startQueue()
    queue.receive({ kind: 'export', id: 1, request: request('a'), routers })
    queue.receive({ kind: 'export', id: 2, request: nothing, routers })
    runAll()
    expect(responses).toEqual([
      { kind: 'exported', id: 1, file: { asked: request('a'), addresses: routers } },
      { kind: 'exported', id: 2 },
    ])
  })

  test('behaviour: cancelling what is unknown does nothing', () => {
    const { queue, responses, runAll } = startQueue()
    queue.receive({ kind: 'cancel', id: 9 })
    runAll()
    expect(responses).toEqual([])
  })
})
