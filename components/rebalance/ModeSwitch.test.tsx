import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { PlanSettings } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { AimLine } from './AimLine'
import { ModeSwitch } from './ModeSwitch'
import { type ModeDraft, rebalanceDraft } from './modeDraft'
import { examplePlan } from './testing/examplePlan'

const settings: PlanSettings = {
  bandBps: toBps(50),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 0n,
}
const subject = { deployment: localDeployment, settings }
const draw = (draft: ModeDraft) =>
  renderToStaticMarkup(<ModeSwitch draft={draft} subject={subject} snapshot={undefined} onChange={() => undefined} />)

describe('ModeSwitch', () => {
  test('default: four purposes, and no amount for a rebalance', () => {
    const html = draw(rebalanceDraft)
    expect(html).toContain('role="radiogroup"')
    expect(html.match(/type="radio"/g)).toHaveLength(4)
    expect(html).not.toContain('Amount')
  })

  test('behaviour: cash asks for an amount of an asset, the stable ones first', () => {
    const html = draw({ kind: 'raiseCash', assetId: 'USDC', text: '5' })
    expect(html).toContain('Amount')
    expect(html.indexOf('Stable assets')).toBeLessThan(html.indexOf('Others'))
    expect(html).not.toContain('aria-invalid="true"')
  })

  test('error: an amount that cannot be read is told beside its field', () => {
    const html = draw({ kind: 'investCash', assetId: 'USDC', text: '1e3' })
    expect(html).toContain('aria-invalid="true"')
    expect(html).toMatch(/<p id="[^"]+-note" role="alert"[^>]*>Enter an amount in digits/)
  })
})

describe('AimLine', () => {
  const { assets } = localDeployment
  const outcome = { status: 'planned', plan: examplePlan } as const

  test('default: the aim of a rebalance, with what limits it', () => {
    const policy = { scope: 'outOfBand', destination: 'edge', rules: [], turnoverCapBps: toBps(1_250) } as const
    const html = renderToStaticMarkup(
      <AimLine mode={{ kind: 'rebalance' }} settings={{ policy }} outcome={outcome} assets={assets} />,
    )
    expect(html).toContain('Only what is out of band moves, to the edge of its band. At most 12.5 % of the portfolio')
    expect(html).toContain('Change limits')
  })

  test('behaviour: a cash mode says what it does, and with a plan how much', () => {
    const mode = { kind: 'withdraw', assetId: 'USDC', amount: 500n * 10n ** 6n } as const
    const line = (planned: typeof outcome | undefined) =>
      renderToStaticMarkup(<AimLine mode={mode} settings={{}} outcome={planned} assets={assets} />)
    expect(line(undefined)).toContain('so that cash can leave and the weights stay')
    expect(line(outcome)).toContain('so that 500 USDC can leave and the weights stay')
  })
})
