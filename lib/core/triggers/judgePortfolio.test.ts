import { describe, expect, test } from 'vitest'
import { buildAsset } from '@/lib/testing/builders/assets'
import { buildReading, freshPrice } from '@/lib/testing/builders/snapshot'
import { measurePortfolio } from '../portfolio/portfolio'
import type { AssetReading } from '../snapshot'
import { toTargets } from '../targets'
import { toBps, toUsd } from '../units'
import { judgePortfolio, type KeptMemory, type PortfolioJudgementRequest, type TriggerAct } from './judgePortfolio'
import type { TriggerSettings } from './triggerSettings'

const account = '0x00000000000000000000000000000000000000aa' as const
const [eth, uni] = [buildAsset('ETH'), buildAsset('UNI')]
const half = [
  { assetId: 'ETH', weightBps: 5000 },
  { assetId: 'UNI', weightBps: 5000 },
]
const targets = toTargets(half, ['ETH', 'UNI'])
const settings: TriggerSettings = {
  band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: toBps(500) } },
  isNotifying: false,
}
const nowSeconds = 1_760_000_000
const whole = (asset: typeof eth, count: number) => BigInt(count) * 10n ** BigInt(asset.decimals)

/** So many dollars of ETH and of UNI. */
function hold(ethUsd: number, uniUsd: number, change: (reading: AssetReading) => AssetReading = (reading) => reading) {
  const readings = [
    buildReading({ asset: eth, amounts: [whole(eth, ethUsd)], price: freshPrice(100n) }),
    change(buildReading({ asset: uni, amounts: [whole(uni, uniUsd)], price: freshPrice(100n) })),
  ]
  return measurePortfolio({ assets: readings }, targets, { bandBps: toBps(50) })
}

const judge = (request: Partial<PortfolioJudgementRequest>) =>
  judgePortfolio({
    settings,
    account,
    targets,
    portfolio: hold(50, 50),
    kept: undefined,
    acts: [],
    nowSeconds,
    ...request,
  })

const statuses = ({ judgement }: ReturnType<typeof judge>) => judgement.assets.map(({ status }) => status)
const far = hold(60, 40)
const act = (seconds: number): TriggerAct => ({ assetIds: ['ETH', 'UNI'], seconds })

describe('judgePortfolio', () => {
  test('default: what drifted fires, and is new once', () => {
    expect(statuses(judge({}))).toEqual(['inBand', 'inBand'])
    const first = judge({ portfolio: far })
    expect(statuses(first)).toEqual(['fired', 'fired'])
    expect(first.judgement.isNew).toBe(true)
    const again = judge({ portfolio: far, kept: first.kept })
    expect([again.judgement.isFiring, again.judgement.isNew]).toEqual([true, false])
    expect(again.kept).toEqual(first.kept)
  })

  test('behaviour: after a confirmed rebalance what fired rests until it leaves its band again', () => {
    const { kept } = judge({ portfolio: far })
    const resting = judge({ portfolio: hold(58, 42), kept, acts: [act(nowSeconds)] })
    expect(statuses(resting)).toEqual(['resting', 'resting'])
    const inside = judge({ kept: resting.kept, acts: [act(nowSeconds)] })
    expect(statuses(inside)).toEqual(['inBand', 'inBand'])
    const out = judge({ portfolio: far, kept: inside.kept, acts: [act(nowSeconds)] })
    expect([statuses(out), out.judgement.isNew]).toEqual([['fired', 'fired'], true])
  })

  test('behaviour: an act counts once, and one that is older than what was remembered not at all', () => {
    const acted = judge({ acts: [act(nowSeconds)] })
    expect(acted.kept.memory.actedSeconds).toBe(nowSeconds)
    const { kept } = judge({ portfolio: far, kept: acted.kept, acts: [act(nowSeconds)] })
    expect(statuses(judge({ portfolio: far, kept, acts: [act(nowSeconds), act(nowSeconds - 9)] }))).toEqual([
      'fired',
      'fired',
    ])
  })

  test('behaviour: new bands begin afresh, but for when it was acted on', () => {
    const { kept } = judge({ portfolio: far, acts: [act(nowSeconds - 5)] })
    const wider: TriggerSettings = {
      ...settings,
      band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: toBps(600) } },
    }
    const other = judge({ portfolio: far, kept, settings: wider })
    expect(other.judgement.isNew).toBe(true)
    expect(other.kept.mark).not.toBe(kept.mark)
    expect(other.kept.memory.actedSeconds).toBe(nowSeconds - 5)
  })

  test('behaviour: a date that came is due until it was acted on', () => {
    const calendar: TriggerSettings = {
      calendar: { everyDays: 1, startSeconds: nowSeconds - 300_000 },
      isNotifying: false,
    }
    const due = judge({ settings: calendar })
    expect([due.judgement.calendar?.status, due.judgement.isNew]).toEqual(['due', true])
    expect(judge({ settings: calendar, kept: due.kept }).judgement.isNew).toBe(false)
    const done = judge({ settings: calendar, kept: due.kept, acts: [act(nowSeconds)] })
    expect(done.judgement.calendar?.status).toBe('waiting')
  })

  test('behaviour: without a price nothing is judged, and what was said stays said', () => {
    const unpriced = hold(60, 40, (reading) => ({ ...reading, price: { status: 'noFeed' } }))
    const { kept } = judge({ portfolio: far })
    const blind = judge({ portfolio: unpriced, kept })
    expect(statuses(blind)).toEqual(['unjudged', 'unjudged'])
    expect(blind.kept).toEqual(kept)
  })

  test('behaviour: an old price leaves its own asset unjudged', () => {
    const stale = hold(60, 40, (reading) => ({
      ...reading,
      price: { status: 'stale', usd: toUsd(10n ** 18n), updatedAt: 1, maxAgeSeconds: 60 },
    }))
    expect(statuses(judge({ portfolio: stale }))).toEqual(['fired', 'unjudged'])
  })

  test('behaviour: what is excluded or neither held nor wanted is left out', () => {
    const excluded = measurePortfolio(
      { assets: [buildReading({ asset: uni, amounts: [0n], price: freshPrice(1n) })] },
      targets,
      {
        bandBps: toBps(50),
        policy: { rules: [{ assetId: 'UNI', participation: 'excluded' }], scope: 'everything', destination: 'target' },
      },
    )
    expect(judge({ portfolio: excluded }).judgement.assets).toEqual([])
  })

  test('behaviour: the memory survives being written and read', () => {
    const { kept } = judge({ portfolio: far, acts: [act(nowSeconds)] })
    const read = JSON.parse(JSON.stringify(kept)) as KeptMemory
    expect(judge({ portfolio: far, kept: read, acts: [act(nowSeconds)] }).kept).toEqual(kept)
  })
})
