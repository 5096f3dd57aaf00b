import { describe, expect, test } from 'vitest'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { createPlannerClient, PlannerCancelledError, PlannerFailedError, type PlannerThread } from './plannerClient'
import type { PlannerRequest, PlannerResponse } from './plannerMessages'

const outcome: PlanOutcome = { status: 'nothingToDo', driftBps: 0, skipped: [] }
const request = {} as PlanRequest

function startClient() {
  const posted: PlannerRequest[] = []
  const threads: PlannerThread[] = []
  const client = createPlannerClient(() => {
    const thread: PlannerThread = {
      onmessage: null,
      onerror: null,
      postMessage: (message: PlannerRequest) => {
        posted.push(message)
      },
      terminate: () => undefined,
    }
    threads.push(thread)
    return thread
  })
  const answer = (response: PlannerResponse) =>
    threads.at(-1)?.onmessage?.({ data: response } as MessageEvent<PlannerResponse>)
  const fail = (message: string) => threads.at(-1)?.onerror?.({ message } as ErrorEvent)
  return { client, posted, threads, answer, fail }
}

describe('createPlannerClient', () => {
  test('default', async () => {
    const { client, posted, answer } = startClient()
    const planned = client.plan(request)
    expect(posted).toEqual([{ kind: 'plan', id: 1, request }])
    answer({ kind: 'planned', id: 1, outcome, elapsedMs: 12 })
    expect(await planned).toEqual({ outcome, elapsedMs: 12 })
  })

  test('behaviour: a frontier and an export come back the same way', async () => {
    const { client, posted, answer } = startClient()
    const routers = { swapRouter02: '0x01', universalRouter: '0x02' } as const
    const frontier = client.frontier(request)
    const exported = client.exportPlan(request, routers)
    expect(posted).toEqual([
      { kind: 'frontier', id: 1, request },
      { kind: 'export', id: 2, request, routers },
    ])
    answer({ kind: 'exported', id: 2 })
    answer({ kind: 'frontier', id: 1, plans: [], elapsedMs: 7 })
    expect(await frontier).toEqual({ plans: [], elapsedMs: 7 })
    expect(await exported).toBeUndefined()
  })

  test('error: PlannerFailedError when the answer is to another question', async () => {
    const { client, answer } = startClient()
    const planned = client.plan(request)
    answer({ kind: 'frontier', id: 1, plans: [], elapsedMs: 7 })
    await expect(planned).rejects.toMatchObject({ name: 'PlannerFailedError', plannerError: 'ProtocolError' })
  })

  test('behaviour: answers find their questions in any order, in one thread', async () => {
    const { client, threads, answer } = startClient()
    const first = client.plan(request)
    const second = client.plan(request)
    answer({ kind: 'planned', id: 2, outcome, elapsedMs: 2 })
    answer({ kind: 'planned', id: 1, outcome, elapsedMs: 1 })
    expect([(await first).elapsedMs, (await second).elapsedMs]).toEqual([1, 2])
    expect(threads).toHaveLength(1)
  })

  test('error: PlannerCancelledError', async () => {
    const { client, posted, answer } = startClient()
    const abort = new AbortController()
    const planned = client.plan(request, abort.signal)
    abort.abort()
    await expect(planned).rejects.toBeInstanceOf(PlannerCancelledError)
    expect(posted.at(-1)).toEqual({ kind: 'cancel', id: 1 })
    answer({ kind: 'planned', id: 1, outcome, elapsedMs: 1 })
  })

  test('error: PlannerCancelledError when the signal was aborted before', async () => {
    const { client, posted } = startClient()
    await expect(client.plan(request, AbortSignal.abort())).rejects.toBeInstanceOf(PlannerCancelledError)
    expect(posted).toEqual([])
  })

  test('error: PlannerFailedError', async () => {
    const { client, answer } = startClient()
    const planned = client.plan(request)
    answer({ kind: 'failed', id: 1, name: 'RangeError', message: 'no such pool' })
    await expect(planned).rejects.toMatchObject({ name: 'PlannerFailedError', plannerError: 'RangeError' })
  })

  test('error: PlannerFailedError when the thread dies, and the next plan starts another', async () => {
    const { client, threads, answer, fail } = startClient()
    const planned = client.plan(request)
    fail('')
    await expect(planned).rejects.toBeInstanceOf(PlannerFailedError)
    const again = client.plan(request)
    answer({ kind: 'planned', id: 2, outcome, elapsedMs: 3 })
    expect((await again).elapsedMs).toBe(3)
    expect(threads).toHaveLength(2)
  })
})
