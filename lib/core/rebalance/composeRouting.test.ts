import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { composePools } from './composePools'
import { composeProblem, connectedGroups } from './composeRouting'
import { screenAssets } from './screenAssets'

const snapshot = buildMarket({ holdings: { ETH: 1000n } })
const screened = screenAssets(buildPlanRequest({ snapshot, weights: { USDC: 10_000 } }))
if (screened.status === 'blocked') throw new Error(screened.obstacle.kind)
const { priced, native } = screened
const { kept } = composePools({
  pools: snapshot.pools,
  assets: priced,
  rung: 'atomicBatch',
  maxFeePerGas: 10n ** 9n,
  nativePrice: native.price,
})

describe('composeProblem', () => {
  const [eth, usdc] = ['ETH', 'USDC'].map((id) => priced.find(({ assetId }) => assetId === id))
  if (!eth || !usdc) throw new Error('both are listed')
  const request = {
    sellables: [
      { wanted: { asset: eth, wantedUsd: eth.valueUsd / 4n }, sellable: eth.amount, keptUsd: 0n },
      { wanted: { asset: usdc, wantedUsd: (eth.valueUsd * 3n) / 4n }, sellable: 0n, keptUsd: 0n },
    ],
    hubs: priced.filter(({ assetId }) => assetId === 'DAI'),
    pools: kept.universalRouter,
  }

  test('default: shares of what is traded, hubs that keep nothing, and the pools between them', () => {
    const problem = composeProblem(request)
    expect(problem.tokens.map(({ id, lower, upper }) => [id, lower, upper])).toEqual([
      ['ETH', 0.25, 0.25],
      ['USDC', 0.75, 0.75],
      ['DAI', 0, 0],
    ])
    expect(problem.pools.every(({ tokens }) => tokens.every((id) => ['ETH', 'USDC', 'DAI'].includes(id)))).toBe(true)
    expect(problem).not.toHaveProperty('maxPoolCalls')
    expect(composeProblem({ ...request, maxPoolCalls: 3 }).maxPoolCalls).toBe(3)
  })
})

describe('connectedGroups', () => {
  test('default', () => {
    const pools = kept.universalRouter.filter(
      ({ pool }) => !pool.assetIds.includes('ETH') && !pool.assetIds.includes('AAVE'),
    )
    expect(connectedGroups(['USDC', 'DAI', 'LINK', 'ETH', 'AAVE'], pools)).toEqual([
      ['AAVE'],
      ['DAI', 'LINK', 'USDC'],
      ['ETH'],
    ])
  })
})
