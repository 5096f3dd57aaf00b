import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bpsWhole } from '@/lib/core/units'
import {
  addAsset,
  draftWeights,
  equaliseDraft,
  fillDraft,
  measureDraft,
  normaliseDraft,
  removeAsset,
  slideWeight,
  type TargetsDraft,
  toggleLock,
  typeWeight,
} from './targetsDraft'

const row = (assetId: string, text: string, isLocked = false) => ({ assetId, text, isLocked })
const texts = (draft: TargetsDraft) => draft.map(({ text }) => text)

const drafts = fc
  .uniqueArray(fc.constantFrom('ETH', 'WBTC', 'USDC', 'LINK', 'UNI', 'AAVE'), { minLength: 2, maxLength: 6 })
  .chain((ids) =>
    fc
      .array(fc.integer({ min: 0, max: 10_000 }), { minLength: ids.length, maxLength: ids.length })
      .map((weights): TargetsDraft => ids.map((id, index) => row(id, ((weights[index] ?? 0) / 100).toString()))),
  )

describe('measureDraft', () => {
  it('default', () => {
    const state = measureDraft([row('ETH', '60'), row('USDC', '40'), row('UNI', '0')])
    expect(state).toEqual({
      status: 'ready',
      sumBps: 10_000,
      targets: {
        weights: [
          { assetId: 'ETH', weightBps: 6000 },
          { assetId: 'USDC', weightBps: 4000 },
        ],
      },
    })
  })

  it('behaviour: says what is missing and what is too much', () => {
    expect(measureDraft([row('ETH', '98.7')])).toEqual({ status: 'short', sumBps: 9870, missingBps: 130 })
    expect(measureDraft([row('ETH', '100'), row('UNI', '0.01')])).toEqual({
      status: 'over',
      sumBps: 10_001,
      excessBps: 1,
    })
    expect(measureDraft([])).toEqual({ status: 'empty', sumBps: 0 })
  })

  it('behaviour: names the assets whose weight cannot be read', () => {
    const state = measureDraft([row('ETH', '12.345'), row('USDC', '1e2'), row('UNI', '100')])
    expect(state).toMatchObject({ status: 'unreadable', assetIds: ['ETH', 'USDC'] })
  })
})

describe('edits', () => {
  it('default', () => {
    const draft = addAsset([row('ETH', '100')], 'USDC')
    expect(texts(typeWeight(draft, 'USDC', '25'))).toEqual(['100', '25'])
    expect(removeAsset(draft, 'ETH')).toEqual([row('USDC', '0')])
    expect(addAsset(draft, 'ETH')).toBe(draft)
  })

  it('behaviour: a slider takes from the others in proportion and leaves locked ones alone', () => {
    const draft = toggleLock([row('ETH', '50'), row('WBTC', '30'), row('USDC', '20')], 'WBTC')
    expect(texts(slideWeight(draft, 'ETH', 6000))).toEqual(['60', '30', '10'])
  })

  it('behaviour: equal and normalise share out what locked rows leave', () => {
    const draft = [row('ETH', '40', true), row('WBTC', '10'), row('USDC', '20')]
    expect(texts(normaliseDraft(draft))).toEqual(['40', '20', '40'])
    expect(texts(equaliseDraft(draft))).toEqual(['40', '30', '30'])
  })

  it('behaviour: filling gives the rest to one row, and changes nothing where there is none', () => {
    expect(texts(fillDraft([row('ETH', '98.7'), row('USDC', '1')], 'USDC'))).toEqual(['98.7', '1.3'])
    const full = [row('ETH', '90'), row('UNI', '11'), row('USDC', '1')]
    expect(fillDraft(full, 'USDC')).toBe(full)
  })

  it('property: after a slide, equal shares or normalising the sum is exact', () => {
    fc.assert(
      fc.property(drafts, fc.integer({ min: 0, max: bpsWhole }), (draft, weightBps) => {
        const moved = draft[0]?.assetId ?? ''
        for (const next of [slideWeight(draft, moved, weightBps), equaliseDraft(draft), normaliseDraft(draft)]) {
          expect(draftWeights(next).reduce((sum, entry) => sum + entry.weightBps, 0)).toBe(bpsWhole)
          expect(measureDraft(next).status).toBe('ready')
        }
      }),
    )
  })
})
