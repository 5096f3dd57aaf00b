import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { examplePlan } from '@/components/rebalance/testing/examplePlan'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { PriceSeries } from '@/lib/core/risk/returns'
import { WorthBody } from './PlanWorth'
import { listPlanned, measurePlanWorth } from './worthFigures'

const { assets } = localDeployment
const moving = listPlanned(examplePlan, assets).filter(({ isStable }) => !isStable)
const wave = (id: string, rhythm: number, days: number): PriceSeries => ({
  id,
  prices: Array.from({ length: days }, (_, day) => ({ day, price: 100 * (1 + 0.1 * Math.sin(day / rhythm)) })),
})
const seriesOf = (days: number) => moving.map(({ id }, at) => wave(id, 2 + at, days))
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const draw = (days: number) =>
  textOf(
    renderToStaticMarkup(<WorthBody worth={measurePlanWorth({ plan: examplePlan, assets, series: seriesOf(days) })} />),
  )

describe('measurePlanWorth', () => {
  test('default', () => {
    const found = measurePlanWorth({ plan: examplePlan, assets, series: seriesOf(200) })
    if (found.status !== 'measured') throw new Error(found.reason)
    const { feeUsd, impactUsd, gasUsd } = examplePlan.cost
    expect(found.observations).toBe(199)
    expect(found.worth.planUsd).toBeCloseTo(Number(feeUsd + impactUsd + gasUsd) / 1e18, 9)
  })

  test('behaviour: the note says waiting and acting in dollars', () => {
    expect(draw(200)).toMatch(/Waiting costs about \S+ a week; this bundle costs \$[\d.]+\..*gas/)
  })

  test('behaviour: too little history is said, not guessed', () => {
    expect(draw(60)).toContain('cannot be said: these assets share 59 daily returns, and 90 are needed.')
    const none = measurePlanWorth({ plan: examplePlan, assets, series: [] })
    expect(none.status === 'unknown' && none.reason).toContain(`no price history of ${moving[0]?.id}`)
  })

  test('behaviour: while the history is read nothing is claimed', () => {
    expect(textOf(renderToStaticMarkup(<WorthBody worth={undefined} />))).toContain('Reading the price history')
  })
})
