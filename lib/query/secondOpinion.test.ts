import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Snapshot } from '@/lib/core/snapshot'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import type { PlanSubject } from './planQuery'
import { assertNoContradiction, assertWalletAgrees, selectNewestSnapshot, WalletUnreadableError } from './secondOpinion'
import { snapshotKey } from './snapshotQuery'

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const request = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 5000 } })
const { targets, settings } = request
const outcome = planRebalance(request)
if (outcome.status !== 'planned') throw new Error(outcome.status)
const { plan } = outcome
const subject: PlanSubject = {
  deployment: localDeployment,
  account: snapshot.account,
  client: {} as ChainClient,
  targets,
  settings,
  rung: 'atomicBatch',
}
const asked = { subject, plan, snapshot }

describe('selectNewestSnapshot', () => {
  const later: Snapshot = {
    ...snapshot,
    block: { ...snapshot.block, number: snapshot.block.number + 20n, timestamp: snapshot.block.timestamp + 240 },
  }
  const owner = { chainId: localDeployment.chainId, account: snapshot.account }

  test('default: what was read last, not what the plan was made of', () => {
    const queries = new QueryClient()
    queries.setQueryData(snapshotKey(owner), later)
    expect(selectNewestSnapshot(queries, subject, { snapshot })).toBe(later)
  })

  test('behaviour: nothing newer is known', () => {
    const queries = new QueryClient()
    expect(selectNewestSnapshot(queries, subject, { snapshot })).toBe(snapshot)
    queries.setQueryData(snapshotKey(owner), snapshot)
    expect(selectNewestSnapshot(queries, subject, { snapshot: later })).toBe(later)
  })
})

describe('a wallet that cannot be read', () => {
  const silent: WalletProvider = { request: () => new Promise(() => undefined) }
  const refusing = (code: number): WalletProvider => ({
    request: () => Promise.reject(Object.assign(new Error('no'), { code })),
  })

  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('error: WalletUnreadableError: it never answers, and nothing waits for ever', async () => {
    const answer = assertWalletAgrees(silent, asked).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(await answer).toBeInstanceOf(WalletUnreadableError)
  })

  test('error: WalletUnreadableError: it does not pass reads on', async () => {
    await expect(assertWalletAgrees(refusing(4200), asked)).rejects.toMatchObject({
      name: 'WalletUnreadableError',
      failure: 'unreachable',
    })
    await expect(assertWalletAgrees(refusing(-32601), asked)).rejects.toBeInstanceOf(WalletUnreadableError)
  })

  test('behaviour: a review does not wait for it', async () => {
    const done = vi.fn()
    const review = assertNoContradiction(silent, asked).then(done)
    await vi.advanceTimersByTimeAsync(1_400)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    await review
    expect(done).toHaveBeenCalledOnce()
    await expect(assertNoContradiction(refusing(4200), asked)).resolves.toBeUndefined()
  })
})
