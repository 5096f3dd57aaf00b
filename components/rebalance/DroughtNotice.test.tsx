import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { DroughtJudgement } from '@/lib/core/drought/judgeDrought'
import { noRelief } from '@/lib/core/drought/relief'
import { toBps, toUsd, usdUnit } from '@/lib/core/units'
import { DroughtGate, isDroughtTyped } from './DroughtGate'
import { DroughtReport } from './DroughtNotice'
import { DroughtReliefNote } from './DroughtReliefNote'
import { describeDrought, titleDrought } from './droughtWords'

const pool = { kind: 'constantProduct', id: '0x01', feePips: 3000 } as const
const dollars = (value: bigint) => toUsd(value * usdUnit)

const drought: DroughtJudgement = {
  status: 'drought',
  legs: [
    {
      legIndex: 0,
      sell: 'ETH',
      buy: 'MKR',
      status: 'drought',
      evidence: [
        {
          kind: 'impact',
          impactBps: 150,
          limitBps: 60,
          soldUsd: dollars(7_000n),
          usual: { status: 'known', medianBps: 20, count: 8 },
          sell: 'ETH',
          buy: 'MKR',
        },
        {
          kind: 'gap',
          gapBps: 170,
          limitBps: 100,
          usual: { status: 'tooFew', count: 1, needed: 5 },
          pool,
          sell: 'ETH',
          buy: 'MKR',
        },
        { kind: 'depth', depthUsd: dollars(9_000n), tradeUsd: dollars(7_000n), poolCount: 2, sell: 'ETH', buy: 'MKR' },
      ],
      unknown: [],
    },
    {
      legIndex: 1,
      sell: 'ETH',
      buy: 'UNI',
      status: 'unknown',
      unknown: [
        { kind: 'impact', impactBps: 30, soldUsd: dollars(900n), count: 1, needed: 5, sell: 'ETH', buy: 'UNI' },
      ],
    },
  ],
  market: {
    status: 'drought',
    evidence: [
      {
        kind: 'alone',
        move: {
          assetId: 'LINK',
          beforeUsd: dollars(10n),
          nowUsd: dollars(8n),
          changeBps: -2_000,
          since: 1_750_000_000,
        },
      },
    ],
    unknown: [{ kind: 'hour', known: 3, of: 12 }],
  },
}

const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ')
const draw = (judgement: DroughtJudgement) =>
  renderToStaticMarkup(
    <DroughtReport judgement={judgement} skippable={['MKR']} onSplit={() => undefined} onSkip={() => undefined} />,
  )

describe('DroughtReport', () => {
  test('default: the figures that are compared, and the ways on', () => {
    const html = draw(drought)
    const text = textOf(html)
    expect(html).toContain('data-error-code="drought"')
    expect(text).toContain('Thin pools for ETH → MKR, and prices are moving fast')
    expect(text).toContain('Within a day LINK fell 20.00 % ($10.00 → $8.00)')
    expect(text).toContain('price impact of 1.50 % for $7,000.00, above 0.60 % (usually 0.20 %, by 8 earlier readings')
    expect(text).toContain('1.70 % from the price feeds, above 1.00 % (seen once before on this device, too few')
    expect(text).toContain('its 2 pools take $9,000.00 within 2 % of the price, under ten times the $7,000.00')
    expect(html).toMatch(/<button[^>]*>Split over visits<\/button>/)
    expect(html).toMatch(/<button[^>]*>Skip MKR<\/button>/)
    expect(html).toMatch(/<a[^>]*>Wait<\/a>/)
  })

  test('behaviour: what could not be compared is said beside it', () => {
    const text = textOf(draw(drought))
    expect(text).toContain('Prices of an hour ago are known for 3 of 12 assets')
    expect(text).toContain(
      'ETH → UNI: price impact of 0.30 % for $900.00, traded at this size once before on this device; it takes 5',
    )
  })

  test('behaviour: unknown is told and is not a drought; calm says nothing', () => {
    const market = { status: 'unknown', unknown: [{ kind: 'day', known: 0, of: 12 }] } as const
    const html = draw({ status: 'unknown', legs: [], market })
    expect(html).toContain('data-error-code="droughtUnknown"')
    expect(textOf(html)).toContain('Prices of a day ago are known for 0 of 12 assets')
    expect(html).not.toContain('<button')
    expect(draw({ status: 'calm', legs: [], market: { status: 'calm' } })).toBe('')
  })
})

describe('DroughtGate', () => {
  test('default: the label names the word, and the evidence describes the box', () => {
    const html = renderToStaticMarkup(
      <DroughtGate
        title={titleDrought(drought)}
        evidence={describeDrought(drought)}
        typed=""
        onType={() => undefined}
      />,
    )
    const id = /<input id="([^"]+)"/.exec(html)?.[1]
    expect(id).toBeDefined()
    expect(html).toContain(`<label for="${id}"`)
    expect(textOf(html)).toContain('Type drought to go on')
    const describedBy = /aria-describedby="([^"]+)"/.exec(html)?.[1]
    expect(html).toContain(`<ul id="${describedBy}"`)
  })

  test('behaviour: the word alone counts, however it is written', () => {
    expect([' Drought ', 'drought'].map(isDroughtTyped)).toEqual([true, true])
    expect(['', 'drough', 'no drought', 'yes'].map(isDroughtTyped)).toEqual([false, false, false, false])
  })
})

test('default: what was taken out of a plan is told, and can be taken back', () => {
  const drawNote = (relief: Parameters<typeof DroughtReliefNote>[0]['relief']) =>
    renderToStaticMarkup(<DroughtReliefNote relief={relief} onRelieve={() => undefined} />)
  const text = textOf(drawNote({ skipped: ['MKR', 'SNX'], turnoverCapBps: toBps(430) }))
  expect(text).toContain('This plan sells at most 4.3 % of the portfolio and leaves MKR and SNX alone')
  expect(text).toContain('Plan the whole again')
  expect(drawNote(noRelief)).toBe('')
})
