import { beforeEach, describe, expect, test, vi } from 'vitest'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import { toUsd } from '@/lib/core/units'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { encodeJson } from './jsonCodec'
import { rebalanceStore, type SavedRebalance } from './rebalanceStore'

const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const outcome = planRebalance(buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 2500, UNI: 2500 } }))
if (outcome.status !== 'planned') throw new Error(outcome.status)

const { account } = snapshot
const owner = { account, chainId: 31337 }
const key = `ballast.rebalance.31337.${account.toLowerCase()}`
const id = { kind: 'transaction', hash: '0x12' } as const
const saved: SavedRebalance = {
  record: {
    execution: {
      id: 'one',
      account,
      chainId: 31337,
      rung: 'approveThenSwap',
      bundleHash: '0xab',
      deadline: 1_750_000_600,
      steps: [
        {
          kind: 'approval',
          token: account,
          state: { status: 'confirmed', id, txHash: '0x12', blockNumber: 7n, blockHash: '0x07', finality: 'final' },
          request: { nonce: 3, blockNumber: 6n, callsHash: '0xcd' },
        },
        { kind: 'swap', state: { status: 'awaitingReceipt', id } },
      ],
    },
    bundle: {
      chainId: 31337,
      account,
      approvals: [{ to: account, data: '0x01', value: 0n }],
      swap: { to: account, data: '0x02', value: 5n },
      deadline: 1_750_000_600,
      hash: '0xab',
    },
  },
  plan: outcome.plan,
  prices: [{ assetId: 'ETH', usd: toUsd(1n) }],
}

describe('rebalanceStore', () => {
  test('default: what was saved is read again, bigints and all', () => {
    rebalanceStore(owner).save(saved)
    expect(rebalanceStore(owner).read()).toEqual(saved)
  })

  test('behaviour: each account and chain has its own, whatever the case of its address', () => {
    rebalanceStore(owner).save(saved)
    expect(rebalanceStore({ ...owner, chainId: 1 }).read()).toBeUndefined()
    expect(rebalanceStore({ account: account.toLowerCase() as typeof account, chainId: 31337 }).read()).toEqual(saved)
  })

  test('behaviour: tampered or cut data reads as nothing', () => {
    rebalanceStore(owner).save(saved)
    const text = kept.get(key) ?? ''
    const tampered = [
      text.replace('"awaitingReceipt"', '"sent"'),
      text.replace('"approveThenSwap"', '"anyhow"'),
      text.replace(/"bundleHash":"0xab"/, '"bundleHash":"ab"'),
      text.replace('"legs":[', '"legs":[],"more":['),
      text.slice(0, -10),
    ]
    for (const changed of tampered) {
      expect(changed).not.toBe(text)
      kept.set(key, changed)
      expect(rebalanceStore(owner).read()).toBeUndefined()
    }
  })

  test('behaviour: what version 1 wrote is read, and nothing of it is lost', () => {
    const sequential = planRebalance(
      buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 2500, UNI: 2500 }, rung: 'approveThenSwap' }),
    )
    if (sequential.status !== 'planned') throw new Error(sequential.status)
    const { router, spendings, purchases, leftOut, certificate, ...plan } = sequential.plan
    const { poolUse, ...oldCertificate } = certificate
    const [approval, swap] = saved.record.execution.steps
    const old = {
      ...saved,
      record: {
        ...saved.record,
        execution: {
          ...saved.record.execution,
          steps: [
            { ...approval, state: { status: 'confirmed', id, txHash: '0x12', blockNumber: 7n } },
            { ...swap, state: { status: 'notIncluded', id, cause: 'expired' } },
          ],
        },
      },
      plan: {
        ...plan,
        certificate: oldCertificate,
        legs: plan.legs.map(({ paidTo, hops, ...leg }) => ({
          ...leg,
          hops: hops.map(({ pool: { id: address, ...pool }, ...hop }) => ({ ...hop, pool: { ...pool, address } })),
        })),
      },
    }
    kept.set(key, encodeJson({ version: 1, value: old }))
    const read = rebalanceStore(owner).read()
    expect(read?.plan).toEqual({ ...sequential.plan, leftOut: [], certificate: { ...certificate, poolUse: [] } })
    expect(read?.plan).toMatchObject({ router, spendings, purchases })
    expect(leftOut).toEqual([])
    expect(poolUse.length).toBeGreaterThan(0)
    const shown = { blockHash: '0x', finality: 'final' }
    expect(read?.record.execution.steps.map(({ state }) => state)).toEqual([
      { status: 'confirmed', id, txHash: '0x12', blockNumber: 7n, ...shown },
      { status: 'notIncluded', id, cause: 'expired', blockNumber: 0n, ...shown },
    ])
    expect(read?.record.bundle).toEqual(saved.record.bundle)
  })

  test('behaviour: put away is gone', () => {
    rebalanceStore(owner).save(saved)
    rebalanceStore(owner).clear()
    expect(rebalanceStore(owner).read()).toBeUndefined()
  })
})
