import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { PlanPolicy } from '@/lib/core/policy/policy'
import { measurePortfolio } from '@/lib/core/portfolio/portfolio'
import { toBps } from '@/lib/core/units'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { HoldingsTable } from './HoldingsTable'
import { describePortfolio } from './portfolioWords'

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const { targets } = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 5000 } })

function draw(policy: PlanPolicy) {
  const settings = { bandBps: toBps(50), policy }
  const portfolio = measurePortfolio(snapshot, targets, settings)
  const html = renderToStaticMarkup(
    <HoldingsTable portfolio={portfolio} hasTargets settings={settings} blockTimestamp={snapshot.block.timestamp} />,
  )
  const rowOf = (symbol: string) =>
    (html.split('<tr').find((row) => row.includes(`>${symbol}<`)) ?? '').replace(/<[^>]+>/g, ' ')
  return { rowOf, line: describePortfolio(portfolio, true) }
}

const policy: PlanPolicy = { scope: 'everything', destination: 'target', rules: [] }

describe('HoldingsTable', () => {
  test('default: without limits no asset is marked', () => {
    const { rowOf, line } = draw(policy)
    expect(rowOf('LINK')).toContain('20.0 %')
    expect(rowOf('LINK')).not.toContain('locked')
    expect(line).toContain('3 of 3 assets out of band')
  })

  test('behaviour: locked assets are marked, with an explanation', () => {
    const { rowOf } = draw({ ...policy, rules: [{ assetId: 'LINK', participation: 'locked' }] })
    expect(rowOf('LINK')).toContain('locked')
    expect(rowOf('LINK')).toContain('never traded')
    expect(rowOf('LINK')).toContain('20.0 %')
  })

  test('behaviour: excluded assets have no weight and say so, and the others make up the whole', () => {
    const { rowOf, line } = draw({ ...policy, rules: [{ assetId: 'LINK', participation: 'excluded' }] })
    expect(rowOf('LINK')).toContain('Does not count')
    expect(rowOf('LINK')).not.toMatch(/\d %/)
    expect(rowOf('ETH')).toContain('33.3 %')
    expect(line).toContain('2 of 2 assets out of band')
  })

  test('behaviour: an own band decides what is out of band', () => {
    const rules = (['ETH', 'USDC', 'LINK'] as const).map((assetId) => ({
      assetId,
      participation: 'free' as const,
      bandBps: toBps(5_000),
    }))
    expect(draw({ ...policy, rules }).line).toContain('all 3 assets in band')
  })
})
