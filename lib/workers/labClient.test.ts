import { describe, expect, test } from 'vitest'
import { toPriceMatrix } from '@/lib/core/backtest/priceMatrix'
import { type LabRequest, walkLab } from '@/lib/core/backtest/runLab'
import { noCosts } from '@/lib/core/backtest/tradingCosts'
import { createLabClient, LabCancelledError, LabFailedError, type LabThread } from './labClient'
import { createLabQueue } from './labQueue'

const request: LabRequest = {
  market: {
    kind: 'history',
    matrix: toPriceMatrix(
      [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
      { stepSeconds: 86_400 },
    ),
  },
  targets: [0.5, 0.5],
  rules: [{ kind: 'hold' }, { kind: 'calendar', days: 1 }],
  costs: noCosts,
  initialUsd: 100,
  points: 3,
}

/** A client and a queue that hold hands; each look at the clock takes a minute, so that every back-test is a slice. */
function startLab() {
  const tasks: (() => void)[] = []
  let time = 0
  const client = createLabClient(() => {
    const thread: LabThread = {
      onmessage: null,
      onerror: null,
      postMessage: (message) => queue.receive(message),
      terminate: () => undefined,
    }
    const queue = createLabQueue({
      walkLab,
      respond: (data) => thread.onmessage?.({ data } as MessageEvent),
      schedule: (task) => tasks.push(task),
      clock: () => (time += 60_000),
    })
    return thread
  })
  const step = () => tasks.shift()?.()
  return { client, tasks, step }
}

describe('createLabClient', () => {
  test('default', async () => {
    const { client, step } = startLab()
    const seen: unknown[] = []
    const answer = client.run(request, { onProgress: (progress) => seen.push(progress) })
    for (let i = 0; i < 3; i++) step()
    const { result } = await answer
    expect(seen).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ])
    expect(result.rules[0]?.summaries[0]?.finalUsd).toBe(200)
    expect(result.rules[0]?.series?.equityUsd).toEqual(Float64Array.of(100, 150, 200))
  })

  test('error: LabCancelledError, and the thread stops', async () => {
    const { client, tasks, step } = startLab()
    const abort = new AbortController()
    const answer = client.run(request, { signal: abort.signal })
    step()
    abort.abort()
    await expect(answer).rejects.toBeInstanceOf(LabCancelledError)
    step()
    expect(tasks).toEqual([])
  })

  test('error: LabFailedError names the field', async () => {
    const { client, step } = startLab()
    const answer = client.run({ ...request, targets: [1, 1] })
    step()
    await expect(answer).rejects.toBeInstanceOf(LabFailedError)
    await expect(answer).rejects.toMatchObject({ field: 'targets' })
  })
})
