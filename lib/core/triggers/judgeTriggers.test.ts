import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBps } from '../units'
import { selectFirstDate } from './calendar'
import { blankMemory, judgeTriggers, rememberActing, type TriggerMemory } from './judgeTriggers'
import type { Destination, TriggerRules } from './rule'

const ruleOf = (destination: Destination): TriggerRules => ({
  band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: toBps(500) }, destination },
})
const rules = ruleOf('target')
const nowSeconds = 1_760_000_000
const eth = (weightBps: number) => ({ assetId: 'ETH', weightBps, targetBps: 5000 })
const judge = (weightBps: number, memory: TriggerMemory = blankMemory, given = rules) => {
  const judgement = judgeTriggers({ rules: given, assets: [eth(weightBps)], memory, nowSeconds })
  const [asset] = judgement.assets
  if (!asset) throw new Error('one asset is judged')
  return { ...judgement, asset }
}

describe('judgeTriggers', () => {
  test('default: an asset beyond its trigger fires and says where to', () => {
    const judgement = judgeTriggers({
      rules: ruleOf('halfway'),
      assets: [
        { assetId: 'ETH', weightBps: 5600, targetBps: 5000 },
        { assetId: 'UNI', weightBps: 1400, targetBps: 2000 },
        { assetId: 'USDC', weightBps: 3000, targetBps: 3000 },
      ],
      memory: blankMemory,
      nowSeconds,
    })
    const band = { triggerBps: 500, isWiderThanTarget: false }
    expect(judgement).toEqual({
      assets: [
        { assetId: 'ETH', status: 'fired', side: 'above', driftBps: 600, toBps: 5300, isNew: true, ...band },
        { assetId: 'UNI', status: 'fired', side: 'below', driftBps: -600, toBps: 1700, isNew: true, ...band },
        { assetId: 'USDC', status: 'inBand', driftBps: 0, ...band },
      ],
      isFiring: true,
      isNew: true,
      memory: {
        assets: [
          { assetId: 'ETH', status: 'fired', side: 'above' },
          { assetId: 'UNI', status: 'fired', side: 'below' },
        ],
      },
    })
  })

  test('behaviour: exactly at the trigger it is in its band', () => {
    expect(judge(5500).asset.status).toBe('inBand')
    expect(judge(5500.01).asset.status).toBe('fired')
    expect(judge(4500).asset.status).toBe('inBand')
  })

  test('behaviour: it is new once for each time that it leaves its band', () => {
    const once = judge(5600)
    const again = judge(5700, once.memory)
    expect([once.isNew, again.isNew, again.isFiring]).toEqual([true, false, true])
    const inside = judge(5400, again.memory)
    expect(inside.memory).toEqual(blankMemory)
    expect(judge(5600, inside.memory).isNew).toBe(true)
  })

  test('behaviour: after acting it rests until it leaves the band again', () => {
    const fired = judge(5600)
    const acted = rememberActing(fired.memory, { assetIds: ['ETH'], nowSeconds })
    // The trade brought it only part of the way.
    const resting = judge(5550, acted)
    expect(resting.asset).toMatchObject({ status: 'resting', side: 'above', driftBps: 550 })
    expect([resting.isFiring, resting.isNew]).toEqual([false, false])
    expect(judge(6000, resting.memory).asset.status).toBe('resting')
    const inside = judge(5450, resting.memory)
    expect(inside.asset.status).toBe('inBand')
    expect(judge(5600, inside.memory)).toMatchObject({ isFiring: true, isNew: true })
  })

  test('behaviour: on the other side of its target it has left the band again', () => {
    const acted = rememberActing(judge(5600).memory, { assetIds: ['ETH'], nowSeconds })
    expect(judge(4300, acted)).toMatchObject({ isNew: true, asset: { status: 'fired', side: 'below' } })
  })

  test('behaviour: acting on others does not let it rest', () => {
    const memory = rememberActing(judge(5600).memory, { assetIds: ['UNI'], nowSeconds })
    expect(judge(5600, memory)).toMatchObject({ isFiring: true, isNew: false })
  })

  test('behaviour: what is unknown is not judged, and keeps what is known of it', () => {
    const { memory } = judge(5600)
    const unknown = judgeTriggers({ rules, assets: [{ assetId: 'ETH', targetBps: 5000 }], memory, nowSeconds })
    expect(unknown).toEqual({
      assets: [{ assetId: 'ETH', status: 'unjudged', reason: 'unknownWeight' }],
      isFiring: false,
      isNew: false,
      memory,
    })
    const noBand = judge(5600, memory, { band: { kind: 'costAware', bands: [] } })
    expect(noBand.asset).toEqual({ assetId: 'ETH', status: 'unjudged', reason: 'noBand' })
    expect(judge(Number.NaN).asset).toMatchObject({ status: 'unjudged' })
  })

  test('behaviour: a band wider than the target is said', () => {
    const small = judgeTriggers({
      rules,
      assets: [
        { assetId: 'UNI', weightBps: 0, targetBps: 500 },
        { assetId: 'DUST', weightBps: 100, targetBps: 0 },
      ],
      memory: blankMemory,
      nowSeconds,
    })
    expect(small.assets).toMatchObject([
      { status: 'inBand', isWiderThanTarget: true },
      { status: 'inBand', isWiderThanTarget: false },
    ])
  })

  test('behaviour: a calendar is due beside the bands, told once a date, and done with by acting', () => {
    const calendar = { everyDays: 30, startSeconds: nowSeconds, seed: 77n }
    const first = selectFirstDate(calendar)
    const at = (seconds: number, memory: TriggerMemory) =>
      judgeTriggers({ rules: { calendar }, assets: [eth(9000)], memory, nowSeconds: seconds })
    const early = at(nowSeconds, blankMemory)
    expect(early).toEqual({
      assets: [],
      calendar: { status: 'waiting', nextSeconds: first, isNew: false },
      isFiring: false,
      isNew: false,
      memory: blankMemory,
    })
    const due = at(first, early.memory)
    expect(due).toMatchObject({ calendar: { status: 'due', dueSeconds: first }, isFiring: true, isNew: true })
    const again = at(first + 60, due.memory)
    expect(again).toMatchObject({ isFiring: true, isNew: false })
    const acted = rememberActing(again.memory, { assetIds: [], nowSeconds: first + 120 })
    const done = at(first + 180, acted)
    expect(done).toMatchObject({ calendar: { status: 'waiting' }, isFiring: false })
    expect(at(first + 30 * 86_400, done.memory)).toMatchObject({ isFiring: true, isNew: true })
  })

  test('behaviour: no rules ask for nothing', () => {
    expect(judge(9000, blankMemory, rules).isFiring).toBe(true)
    expect(judgeTriggers({ rules: {}, assets: [eth(9000)], memory: blankMemory, nowSeconds })).toEqual({
      assets: [],
      isFiring: false,
      isNew: false,
      memory: blankMemory,
    })
  })

  const walk = fc.array(fc.record({ weightBps: fc.integer({ min: 3500, max: 6500 }), acts: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })

  test('property: it is new exactly when it is outside and was not outside on that side before', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let memory = blankMemory
        let before = 0
        for (const { weightBps, acts } of steps) {
          const judgement = judge(weightBps, memory)
          const side = Math.abs(weightBps - 5000) > 500 ? Math.sign(weightBps - 5000) : 0
          expect(judgement.isNew).toBe(side !== 0 && side !== before)
          if (judgement.isNew) expect(judgement.isFiring).toBe(true)
          // Saved and read again between two judgements.
          memory = JSON.parse(JSON.stringify(judgement.memory))
          if (acts) memory = rememberActing(memory, { assetIds: ['ETH'], nowSeconds })
          before = side
        }
      }),
    )
  })

  test('property: brought where it says, it is nearer, and in its band unless half-way is beyond that', () => {
    const destinations = fc.constantFrom<Destination>('target', 'halfway', 'edge')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), destinations, (weightBps, destination) => {
        const { asset, memory } = judge(weightBps, blankMemory, ruleOf(destination))
        if (asset.status !== 'fired') return
        expect(Math.abs(asset.toBps - 5000)).toBeLessThan(Math.abs(weightBps - 5000))
        const left = judge(asset.toBps, memory, ruleOf(destination)).asset.status
        if (destination !== 'halfway' || Math.abs(asset.driftBps) <= 1_000) expect(left).toBe('inBand')
        else expect(left).toBe('fired')
      }),
    )
  })

  test('property: the order of the assets does not change any judgement', () => {
    const assets = fc.uniqueArray(
      fc.record({
        assetId: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
        weightBps: fc.integer({ min: 0, max: 10_000 }),
        targetBps: fc.integer({ min: 0, max: 10_000 }),
      }),
      { selector: ({ assetId }) => assetId },
    )
    fc.assert(
      fc.property(assets, (list) => {
        const straight = judgeTriggers({ rules, assets: list, memory: blankMemory, nowSeconds })
        const turned = judgeTriggers({ rules, assets: [...list].reverse(), memory: blankMemory, nowSeconds })
        expect([...turned.assets].reverse()).toEqual(straight.assets)
      }),
    )
  })
})
