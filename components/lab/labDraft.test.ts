import { describe, expect, test } from 'vitest'
import { defaultSettings } from '@/lib/hooks/useSettings'
import { parseDraft, parseFigure, parseTargets, toLabDraft, writeTargets } from './labDraft'
import { composeExample, exampleTargets } from './labSubject'

const known = ['ETH', 'WBTC', 'LINK', 'USDC']
const draft = toLabDraft(composeExample(defaultSettings))

describe('parseTargets', () => {
  test('default', () => {
    expect(parseTargets('eth 60 %; usdc 40', known)).toEqual({
      targets: [
        { id: 'ETH', weightBps: 6000 },
        { id: 'USDC', weightBps: 4000 },
      ],
    })
  })

  test('behaviour: what is written is read back', () => {
    expect(parseTargets(writeTargets(exampleTargets), known)).toEqual({ targets: exampleTargets })
  })

  test.each([
    ['ETH 100', 'at least two assets'],
    ['ETH 60, USDC 30', 'sum to 90 %. Add 10 %'],
    ['ETH 60, USDC 50', 'Take off 10 %'],
    ['ETH 60, DOGE 40', 'DOGE is not known here'],
    ['ETH 60, eth 40', 'ETH stands twice'],
    ['ETH, USDC', '“ETH” is not an asset with its weight'],
    ['ETH -60, USDC 160', '“ETH -60” is not an asset'],
    ['ETH 60.123, USDC 39.877', 'ETH: '],
  ])('behaviour: %s is refused', (text, reason) => {
    const parsed = parseTargets(text, known)
    expect('refusal' in parsed && parsed.refusal).toContain(reason)
  })
})

describe('parseFigure', () => {
  test('default', () => {
    expect(parseFigure(' 1,234.5 ', { min: 0, max: 10_000 })).toEqual({ value: 1234.5 })
  })

  test.each(['', '-1', '1e3', 'NaN', 'Infinity', '1.2.3', '5', '0.5'])('behaviour: “%s” is refused', (text) => {
    expect(parseFigure(text, { min: 1, max: 4, isWhole: true })).toHaveProperty('refusal')
  })
})

describe('parseDraft', () => {
  test('default', () => {
    const { input, refusals } = parseDraft(draft, known)
    expect(input).toEqual({ targets: exampleTargets, totalUsd: 10_000, riskAversion: 3, feeBps: 30, gasUsd: 2 })
    expect(refusals).toEqual({})
  })

  test('behaviour: every refused field is named, and an own number counts only where it is chosen', () => {
    const wrong = { portfolio: '', totalUsd: '0', ownAversion: '0', feeBps: 'x', gasUsd: '-1' }
    expect(Object.keys(parseDraft({ ...draft, ...wrong, aversion: 'own' }, known).refusals).sort()).toEqual(
      Object.keys(wrong).sort(),
    )
    expect(parseDraft({ ...draft, ownAversion: '0' }, known).input?.riskAversion).toBe(3)
    expect(parseDraft({ ...draft, aversion: 'own', ownAversion: '2.5' }, known).input?.riskAversion).toBe(2.5)
  })
})
