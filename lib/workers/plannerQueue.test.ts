import { describe, expect, test } from 'vitest'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { PlannerResponse } from './plannerMessages'
import { createPlannerQueue } from './plannerQueue'

const outcome: PlanOutcome = { status: 'nothingToDo', driftBps: 0, skipped: [] }
const request = (name: string) => ({ name }) as unknown as PlanRequest

function startQueue(plan: (request: PlanRequest) => PlanOutcome = () => outcome) {
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

  test('behaviour: cancelling what is unknown does nothing', () => {
    const { queue, responses, runAll } = startQueue()
    queue.receive({ kind: 'cancel', id: 9 })
    runAll()
    expect(responses).toEqual([])
  })
})
