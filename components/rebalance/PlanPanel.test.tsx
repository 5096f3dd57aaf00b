import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { PartNotice } from './PartNotice'
import { PlanPanel } from './PlanPanel'
import { examplePlan } from './testing/examplePlan'

const { assets } = localDeployment
const snapshot: Snapshot = {
  chainId: examplePlan.chainId,
  account: examplePlan.account,
  block: examplePlan.block,
  assets: [],
  pools: [],
}

const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ')

const draw = (plan: RebalancePlan) =>
  renderToStaticMarkup(
    <PlanPanel plan={plan} snapshot={snapshot} assets={assets} action={null} frontier={null} exportAction={null} />,
  )

/** USDC to ETH in v4, and all of that ETH on to LINK: legs without minimums of their own. */
function throughRouter(): RebalancePlan {
  const [leg] = examplePlan.legs
  const [into, on] = leg.hops
  if (on === undefined) throw new Error('two hops')
  const v4 = { kind: 'singleton', id: '0x07', feePips: 500, tickSpacing: 10 } as const
  return {
    ...examplePlan,
    router: 'universalRouter',
    legs: [
      { ...leg, buy: 'ETH', paidFrom: 'router', paidTo: 'router', hops: [{ ...into, pool: v4 }], minimumOut: 0n },
      { ...leg, sell: 'ETH', paidFrom: 'router', paidTo: 'router', hops: [on], minimumOut: 0n },
    ],
    leftOut: [{ pool: v4, assetIds: ['USDC', 'ETH'], reason: 'offPrice', offBps: 320 }],
  }
}

describe('PlanPanel', () => {
  test('default: paths of SwapRouter02, each with its minimum', () => {
    const html = draw(examplePlan)
    const text = textOf(html)
    expect(html).toContain('<ol aria-label="Legs"')
    expect(text).toContain('1 swap through Uniswap SwapRouter02: sells USDC, buys LINK')
    expect(text).toContain('USDC → v3 0.05 % → ETH → v2 0.3 % → LINK')
    expect(text).toContain('At least 65 LINK')
    expect(text).toContain('At most 0.2 bps ($0.20) from the most these pools allow')
  })

  test('behaviour: the Universal Router pool by pool, minimums by what is bought', () => {
    const html = draw(throughRouter())
    const legs = textOf(/<ol aria-label="Legs".*?<\/ol>/s.exec(html)?.[0] ?? '')
    expect(legs).toContain('v4 0.05 %')
    expect(legs).toContain('ETH for later trades')
    expect(legs).toContain('ETH from earlier trades')
    expect(legs).not.toContain('At least')
    const purchases = textOf(/<ul aria-label="You receive at least".*?<\/ul>/s.exec(html)?.[0] ?? '')
    expect(purchases).toContain('65 LINK')
    expect(purchases).toContain('quoted 66 LINK')
  })

  test('behaviour: pools that are left out are named with the reason', () => {
    const text = textOf(draw(throughRouter()))
    expect(text).toContain('Priced too far from the feeds')
    expect(text).toContain('USDC/ETH v4 0.05 % · 3.20 % off')
    expect(text).toContain('Pools that are left out are outside of it')
  })
})

test('default: the first of several parts says why, and what waits', () => {
  const text = textOf(
    renderToStaticMarkup(
      <PartNotice
        part={{ part: 1, of: 2 }}
        callLimit={10}
        skipped={[
          { assetId: 'UNI', reason: 'callBudget', driftBps: 100 },
          { assetId: 'DAI', reason: 'callBudget', driftBps: 50 },
          { assetId: 'MKR', reason: 'inBand', driftBps: 5 },
        ]}
      />,
    ),
  )
  expect(text).toContain('Part 1 of 2: your wallet takes at most 10 calls in one batch')
  expect(text).toContain('plan again for the rest')
  expect(text).toContain('UNI and DAI wait for that')
})
