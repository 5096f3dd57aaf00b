import { describe, expect, test } from 'vitest'
import type { PlanSettings } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { type EditorDraft, measureEditor } from './editorState'
import { toLimitsDraft } from './limitsDraft'
import { changeRule, freeRule, toPolicyDraft } from './policyDraft'
import { toDraft, withRuled } from './targetsDraft'

const assets = [etherAsset, buildAsset('USDC', { decimals: 6, isStable: true }), buildAsset('LINK')]
const settings: PlanSettings = {
  bandBps: toBps(50),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 0n,
}
const context = { assets, settings }
const draft: EditorDraft = {
  weights: toDraft([
    { assetId: 'ETH', weightBps: toBps(6_000) },
    { assetId: 'USDC', weightBps: toBps(4_000) },
  ]),
  limits: toLimitsDraft(settings),
  policy: toPolicyDraft(undefined, assets),
}
const withRule = (assetId: string, rule: Partial<typeof freeRule>): EditorDraft => ({
  ...draft,
  policy: changeRule(draft.policy, assetId, { ...freeRule, ...rule }),
})

describe('measureEditor', () => {
  test('default: without limits the settings have no policy', () => {
    const state = measureEditor(draft, context)
    expect(state).toMatchObject({ reasons: [], code: undefined, marks: {} })
    expect(state.ready?.settings).toEqual(settings)
    expect(state.ready?.settings).not.toHaveProperty('policy')
  })

  test('behaviour: limits are saved with the settings, and those of before are gone', () => {
    const before = { ...settings, policy: { scope: 'everything', destination: 'edge', rules: [] } } as const
    expect(measureEditor(draft, { assets, settings: before }).ready?.settings).toEqual(settings)
    const state = measureEditor(withRule('ETH', { participation: 'sellOnly', maximum: '70' }), context)
    expect(state.ready?.settings.policy?.rules).toEqual([
      { assetId: 'ETH', participation: 'sellOnly', maximumBps: 7_000 },
    ])
    expect(state.marks.ETH?.map(({ text }) => text)).toEqual(['sell only', 'max 70 %'])
  })

  test('behaviour: a contradiction stands beside its field and keeps all from being saved', () => {
    const state = measureEditor(withRule('ETH', { maximum: '50' }), context)
    expect(state.ready).toBeUndefined()
    expect(state.code).toBe('targets-limits')
    expect(state.problems.rules.ETH?.maximum).toContain('Lower the target or raise the maximum')
    expect(state.reasons).toEqual([state.problems.rules.ETH?.maximum])
  })

  test('behaviour: everything that is wrong is listed by the name of its field', () => {
    const wrong = withRule('LINK', { minimum: 'x' })
    const { reasons, code } = measureEditor(
      {
        ...wrong,
        weights: toDraft([{ assetId: 'ETH', weightBps: toBps(9_000) }]),
        limits: { ...draft.limits, band: '' },
        policy: { ...wrong.policy, turnoverCap: '-1' },
      },
      context,
    )
    expect(reasons).toHaveLength(4)
    expect(reasons[0]).toContain('Give out 10.0 % more')
    expect(reasons[1]).toMatch(/^Band: /)
    expect(reasons[2]).toMatch(/^Turnover cap: /)
    expect(reasons[3]).toMatch(/^Minimum weight of LINK: /)
    expect(code).toBe('targets-limits')
  })

  test('behaviour: unfinished weights are no error, too much is one', () => {
    const weighing = (weightBps: number) => ({
      ...draft,
      weights: toDraft([{ assetId: 'ETH', weightBps: toBps(weightBps) }]),
    })
    expect(measureEditor(weighing(9_000), context).code).toBeUndefined()
    const tooMuch = [...toDraft([{ assetId: 'LINK', weightBps: toBps(100) }]), ...draft.weights]
    expect(measureEditor({ ...draft, weights: tooMuch }, context).code).toBe('targets-over')
  })

  test('behaviour: an excluded asset keeps a row and no weight', () => {
    const weights = withRuled(draft.weights, { ruled: ['LINK'], excluded: ['LINK'] })
    expect(weights.at(-1)).toEqual({ assetId: 'LINK', text: '0', isLocked: true })
    const state = measureEditor({ ...withRule('LINK', { participation: 'excluded' }), weights }, context)
    expect(state.ready?.targets.weights.map(({ assetId }) => assetId)).toEqual(['ETH', 'USDC'])
    expect(state.ready?.settings.policy?.rules).toEqual([{ assetId: 'LINK', participation: 'excluded' }])
  })
})
