import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { marketCaps, marketCapsDate } from '@/lib/config/marketCaps'
import { bpsWhole, toBps } from '@/lib/core/units'
import { weightingSchemes } from '@/lib/core/weighting/scheme'
import {
  blankProposal,
  listWeighedIds,
  measureShift,
  millionsText,
  needsOf,
  type ProposalDraft,
  proposeDraft,
  stableShareText,
  toWeighingHistory,
  type WeighingHistory,
} from './proposalDraft'

const { assets } = localDeployment
const present = ['ETH', 'WBTC', 'USDC'].map((assetId, at) => ({
  assetId,
  weightBps: toBps([6000, 3000, 1000][at] ?? 0),
}))
const propose = (change: Partial<ProposalDraft>, history?: Parameters<typeof proposeDraft>[0]['history']) =>
  proposeDraft({ draft: { ...blankProposal, isStableApart: false, ...change }, assets, present, history })
const weightsOf = (outcome: ReturnType<typeof propose>) => {
  if (outcome.status !== 'proposed') throw new Error(outcome.message)
  return outcome.weights.map(({ weightBps }) => weightBps)
}
const history: WeighingHistory = {
  status: 'known',
  ids: ['WBTC', 'USDC', 'ETH'],
  covariance: [
    [0.16, 0, 0.1],
    [0, 0.0001, 0],
    [0.1, 0, 0.64],
  ],
  observationCount: 365,
}

describe('proposeDraft', () => {
  test('default: equal weights of what stands in the editor', () => {
    expect(weightsOf(propose({}))).toEqual([3334, 3333, 3333])
  })

  test('behaviour: at first stable assets keep the share that they have', () => {
    const start = (scheme: ProposalDraft['scheme'], rows = present) =>
      weightsOf(proposeDraft({ draft: { ...blankProposal, scheme }, assets, present: rows, history: undefined }))
    expect(start('equal')).toEqual([4500, 4500, 1000])
    expect(start('marketCap', present.slice(0, 2))).toEqual([2968, 7032])
    expect(start('equal', present.slice(2))).toEqual([10_000])
    expect(stableShareText(blankProposal, { assets, present })).toBe('10')
  })

  test('behaviour: as typed, within cap and floor, stable assets apart', () => {
    expect(weightsOf(propose({ scheme: 'given' }))).toEqual([6000, 3000, 1000])
    expect(weightsOf(propose({ scheme: 'given', cap: '50' }))).toEqual([5000, 3750, 1250])
    expect(weightsOf(propose({ scheme: 'given', isStableApart: true, stableShare: '40' }))).toEqual([4000, 2000, 4000])
  })

  test('behaviour: by the dated market caps, or by what was typed', () => {
    const dated = weightsOf(propose({ scheme: 'marketCap', isStableApart: true, stableShare: '0' }))
    expect(dated).toEqual([2968, 7032, 0])
    const typed = propose({ scheme: 'marketCap', millions: { ETH: '100', WBTC: '200', USDC: '100' } })
    expect(weightsOf(typed)).toEqual([2500, 5000, 2500])
  })

  test('behaviour: an asset without a market cap is named, and typing one helps', () => {
    const withMkr = [...present, { assetId: 'MKR', weightBps: toBps(0) }]
    const draft = { ...blankProposal, isStableApart: false, scheme: 'marketCap' as const }
    const outcome = proposeDraft({ draft, assets, present: withMkr, history: undefined })
    expect(outcome).toEqual({
      status: 'refused',
      message: 'The market cap of MKR is not known. Enter one above zero, or remove the asset.',
    })
    expect(millionsText(draft, 'MKR')).toBe('')
    const typed = proposeDraft({
      draft: { ...draft, millions: { MKR: '900' } },
      assets,
      present: withMkr,
      history: undefined,
    })
    expect(typed.status).toBe('proposed')
  })

  test('behaviour: history in any order; an asset that it lacks is named', () => {
    expect(
      weightsOf(propose({ scheme: 'inverseVolatility', isStableApart: true, stableShare: '40' }, history)),
    ).toEqual([2000, 4000, 4000])
    expect(propose({ scheme: 'inverseVolatility' }, { ...history, ids: ['WBTC', 'USDC', 'UNI'] })).toMatchObject({
      message: expect.stringContaining('ETH'),
    })
  })

  test('behaviour: without history, or with too little, the schemes that need it say so', () => {
    for (const scheme of weightingSchemes.filter((name) => needsOf(name) === 'history')) {
      const short = toWeighingHistory({ status: 'tooLittle', assets: [], days: 12, needed: 90, closes: [] })
      expect(propose({ scheme }, short)).toMatchObject({
        status: 'refused',
        message: expect.stringContaining('at least 90 days of history'),
      })
      expect(propose({ scheme }, toWeighingHistory({ status: 'loading' })).status).toBe('waiting')
      expect(propose({ scheme }, { ...history, observationCount: 89 })).toMatchObject({
        message: expect.stringContaining('89 daily returns'),
      })
    }
  })

  test('behaviour: why the past says nothing is said with what to change', () => {
    const messageOf = (risk: Parameters<typeof toWeighingHistory>[0]) => {
      const past = toWeighingHistory(risk)
      return past.status === 'unknown' ? past.message : ''
    }
    expect(messageOf({ status: 'failed', error: new Error('x') })).toContain('try again later')
    expect(messageOf({ status: 'zeroVolatility', assets: [], ids: ['USDC'] })).toContain('USDC does not move')
    expect(messageOf({ status: 'notPositiveDefinite', assets: [], id: 'WBTC', others: ['ETH'] })).toContain('Remove it')
    expect(messageOf({ status: 'unavailable', assets: [], missing: [{ assetId: 'MKR', reason: 'noFeed' }] })).toContain(
      'no history of MKR',
    )
  })

  test('behaviour: the past of stable assets that stand apart is not needed', () => {
    expect(listWeighedIds({ isStableApart: true }, { assets, present })).toEqual(['ETH', 'WBTC'])
    expect(listWeighedIds({ isStableApart: false }, { assets, present })).toEqual(['ETH', 'WBTC', 'USDC'])
  })

  test('behaviour: limits that cannot be read, or contradict each other', () => {
    expect(propose({ cap: 'x' })).toMatchObject({ field: 'cap' })
    expect(propose({ floor: '' })).toMatchObject({ field: 'floor' })
    expect(propose({ isStableApart: true, stableShare: '101' })).toMatchObject({ field: 'stableShare' })
    expect(propose({ cap: '20' })).toMatchObject({ message: expect.stringContaining('Raise it to 33.34 %') })
    expect(propose({ cap: '40', floor: '50' })).toMatchObject({ message: expect.stringContaining('Lower the floor') })
  })

  test('behaviour: what a proposal changes is half the sum of all differences', () => {
    expect(measureShift(present, present)).toBe(0)
    expect(
      measureShift(present, [
        { assetId: 'USDC', weightBps: toBps(bpsWhole) },
        ...present.slice(0, 2).map(({ assetId }) => ({ assetId, weightBps: toBps(0) })),
      ]),
    ).toBe(9000)
  })
})

describe('marketCaps', () => {
  test('default: listed assets, once each, above zero, of one day', () => {
    const ids = marketCaps.map(({ assetId }) => assetId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !assets.some((asset) => asset.id === id))).toEqual([])
    expect(marketCaps.every(({ usd }) => usd > 0 && Number.isFinite(usd))).toBe(true)
    expect(new Date(marketCapsDate).toISOString().slice(0, 10)).toBe(marketCapsDate)
  })
})
