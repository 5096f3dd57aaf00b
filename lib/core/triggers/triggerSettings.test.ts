import { describe, expect, test } from 'vitest'
import { toTargets } from '../targets'
import { toBps } from '../units'
import { blankTriggerSettings, composeTriggerMark, composeTriggerRules, type TriggerSettings } from './triggerSettings'

const account = '0x00000000000000000000000000000000000000aa' as const
const targets = toTargets(
  [
    { assetId: 'ETH', weightBps: 6000 },
    { assetId: 'UNI', weightBps: 4000 },
  ],
  ['ETH', 'UNI'],
)
const threshold = { kind: 'absolute', triggerBps: toBps(500) } as const
const settings: TriggerSettings = { band: { kind: 'threshold', threshold }, isNotifying: false }
const policy = {
  destination: 'halfway',
  rules: [{ assetId: 'UNI', participation: 'free', bandBps: toBps(200) }],
} as const

describe('composeTriggerRules', () => {
  test('default: nothing was asked for, nothing is judged', () => {
    expect(composeTriggerRules({ settings: blankTriggerSettings, account, targets })).toEqual({})
  })

  test('behaviour: destination and own bands are those of the policy', () => {
    expect(composeTriggerRules({ settings, account, targets, policy })).toEqual({
      band: {
        kind: 'threshold',
        threshold,
        ownThresholds: [{ assetId: 'UNI', threshold: { kind: 'absolute', triggerBps: 200 } }],
        destination: 'halfway',
      },
    })
  })

  test('behaviour: bands from costs: the published vector of two assets, and none without costs', () => {
    const even = toTargets(
      [
        { assetId: 'ETH', weightBps: 5000 },
        { assetId: 'USDC', weightBps: 5000 },
      ],
      ['ETH', 'USDC'],
    )
    const costAware: TriggerSettings = { band: { kind: 'costAware', riskAversion: 'normal' }, isNotifying: false }
    const request = { settings: costAware, account, targets: even }
    expect(composeTriggerRules(request)).toEqual({ band: { kind: 'costAware', bands: [] } })
    const { band } = composeTriggerRules({ ...request, costs: { feeBps: 30, gasUsd: 0, totalUsd: 1_000 } })
    // D^3 = 3 c w^2 (1 - w)^2 / (2 gamma): trade to the edge, whatever the volatility.
    const edge = Math.cbrt((3 * 0.003 * 0.0625) / (2 * 3))
    expect(band).toEqual({
      kind: 'costAware',
      bands: ['ETH', 'USDC'].map((assetId) => ({
        assetId,
        trigger: expect.closeTo(edge, 9),
        destination: expect.closeTo(edge, 9),
      })),
    })
    const whole = toTargets([{ assetId: 'ETH', weightBps: 10_000 }], ['ETH'])
    const costs = { feeBps: 30, gasUsd: 1, totalUsd: 1_000 }
    expect(composeTriggerRules({ ...request, targets: whole, costs }).band).toMatchObject({ bands: [] })
  })

  test('behaviour: a calendar of impossible days is left out', () => {
    const every = (everyDays: number) =>
      composeTriggerRules({ settings: { ...settings, calendar: { everyDays, startSeconds: 0 } }, account, targets })
        .calendar
    expect(every(30)?.everyDays).toBe(30)
    expect([0, 1.5, 400].map(every)).toEqual([undefined, undefined, undefined])
  })
})

describe('composeTriggerMark', () => {
  test('default: the same for the same, and another for other targets, bands, or accounts', () => {
    const mark = composeTriggerMark({ settings, account, targets })
    const others = [
      {
        settings: {
          ...settings,
          band: { kind: 'threshold', threshold: { ...threshold, triggerBps: toBps(400) } },
        } as const,
      },
      { account: '0x00000000000000000000000000000000000000ab' as const },
      { targets: toTargets([{ assetId: 'ETH', weightBps: 10_000 }], ['ETH']) },
      { policy },
    ].map((change) => composeTriggerMark({ settings, account, targets, ...change }))
    expect(new Set([mark, ...others]).size).toBe(5)
    expect(composeTriggerMark({ settings: { ...settings, isNotifying: true }, account, targets })).toBe(mark)
    expect(mark).toMatch(/^[0-9a-f]{1,16}$/)
  })
})
