import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { blankMemory, judgeTriggers } from '@/lib/core/triggers/judgeTriggers'
import type { TriggerRules } from '@/lib/core/triggers/rule'
import { toBps } from '@/lib/core/units'
import { TriggerLine, TriggerNotice } from './TriggerStatus'
import { describeNotice, describeTriggers, formatDay } from './triggerWords'

const band: TriggerRules['band'] = {
  kind: 'threshold',
  threshold: { kind: 'absolute', triggerBps: toBps(500) },
  destination: 'target',
}
const calendar = { everyDays: 30, startSeconds: 1_760_000_000, seed: 0n }
const judge = (rules: TriggerRules, ethBps: number | undefined = 6110, nowSeconds = 1_760_000_000) =>
  judgeTriggers({
    rules,
    assets: [
      { assetId: 'ETH', targetBps: 5500, ...(ethBps === undefined ? {} : { weightBps: ethBps }) },
      { assetId: 'UNI', targetBps: 4500, weightBps: 4500 },
    ],
    memory: blankMemory,
    nowSeconds,
  })
const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

describe('describeTriggers', () => {
  test('default: what left its band, and the next date', () => {
    const next = formatDay(1_760_000_000)
    expect(describeTriggers(judge({ band, calendar }))).toBe(`ETH left its band: 6.1 pp above · Next date ${next}`)
  })

  test('behaviour: nothing asked for, nothing said', () => {
    expect(describeTriggers(judge({}))).toBeUndefined()
  })

  test('behaviour: quiet, due, unknown and without history are said', () => {
    expect(describeTriggers(judge({ band }, 5600))).toBe('Every asset within its trigger')
    expect(describeTriggers(judge({ calendar }, 5600, 1_770_000_000))).toMatch(/^Date of \d+ [A-Z][a-z]+ is due$/)
    expect(
      describeTriggers({
        ...judge({ band }),
        assets: [{ status: 'unjudged', assetId: 'ETH', reason: 'unknownWeight' }],
      }),
    ).toBe('ETH not judged: a balance or a fresh price is missing')
    expect(describeTriggers(judge({ band: { kind: 'costAware', bands: [] } }))).toBe(
      'ETH, UNI not judged: costs give no band',
    )
    const threshold = { kind: 'volatilityScaled', deviations: 1, horizonDays: 30, leastBps: toBps(50) } as const
    expect(describeTriggers(judge({ band: { kind: 'threshold', threshold, destination: 'target' } }))).toBe(
      'ETH, UNI not judged: needs at least 90 days of history',
    )
  })

  test('behaviour: a band wider than its target is said', () => {
    const wide = judge({ band: { kind: 'costAware', bands: [{ assetId: 'UNI', trigger: 0.5, destination: 0 }] } })
    expect(describeTriggers(wide)).toContain('UNI: the band is wider than the target, so nothing fires below it')
  })
})

describe('TriggerNotice', () => {
  test('default: says what fired, that nothing was traded, and leads to the plan', () => {
    const html = renderToStaticMarkup(<TriggerNotice judgement={judge({ band })} onDismiss={() => undefined} />)
    expect(textOf(html)).toBe(
      'ETH left its band: 6.1 pp above Nothing was traded. The plan shows what a rebalance would do and cost. See the plan Dismiss',
    )
    expect(html).toContain('href="/rebalance')
  })

  test('behaviour: several assets and a date in one notice', () => {
    const judgement = judgeTriggers({
      rules: { band, calendar },
      assets: [
        { assetId: 'ETH', targetBps: 5000, weightBps: 5600 },
        { assetId: 'UNI', targetBps: 5000, weightBps: 4400 },
      ],
      memory: blankMemory,
      nowSeconds: 1_770_000_000,
    })
    const { title, body } = describeNotice(judgement)
    expect(title).toBe('2 assets left their bands')
    expect(body).toMatch(/^ETH 6\.0 pp above, UNI 6\.0 pp below\. Date of .* is due\. Nothing was traded\./)
  })
})

describe('TriggerLine', () => {
  test('default: without triggers it says so and offers to set some', () => {
    const draw = (rules: TriggerRules) =>
      textOf(renderToStaticMarkup(<TriggerLine judgement={judge(rules)} onEdit={() => undefined} />))
    expect(draw({})).toBe('No trigger is set. Set triggers')
    expect(draw({ band })).toBe('ETH left its band: 6.1 pp above Edit triggers')
  })
})
