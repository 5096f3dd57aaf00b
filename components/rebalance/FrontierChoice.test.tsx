import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { FrontierChoice } from './FrontierChoice'
import type { FrontierPoint } from './frontierView'

const points: readonly FrontierPoint[] = [
  { legs: 2, costUsd: 4n * 10n ** 18n, driftBps: 310 },
  { legs: 5, costUsd: 123n * 10n ** 17n, driftBps: 12 },
  { legs: 7, costUsd: 13n * 10n ** 18n, driftBps: 3 },
]

const draw = (chosenLegs: number | undefined) =>
  renderToStaticMarkup(<FrontierChoice points={points} chosenLegs={chosenLegs} onChoose={() => undefined} />)

const attributesOf = (html: string) => /<input[^>]+type="range"[^>]*>/.exec(html)?.[0] ?? ''

describe('FrontierChoice', () => {
  test('default: a slider from the fewest trades to the most, at the planner’s', () => {
    const html = draw(undefined)
    const slider = attributesOf(html)
    expect(slider).toContain('min="2"')
    expect(slider).toContain('max="7"')
    expect(slider).toContain('value="7"')
    expect(slider).toContain('aria-valuetext="7 trades, costs $13.00, leaves 0.0 pp of drift"')
    const id = /id="([^"]+)"/.exec(slider)?.[1]
    expect(html).toContain(`<label for="${id}"`)
    expect(html).toMatch(/<label[^>]+>Number of trades</)
    expect(html).toMatch(/<button[^>]+disabled[^>]*>The planner’s choice</)
  })

  test('behaviour: a choice is told and can be taken back', () => {
    const html = draw(5)
    expect(attributesOf(html)).toContain('aria-valuetext="5 trades, costs $12.30, leaves 0.1 pp of drift"')
    expect(html).toContain('Back to the planner’s choice')
  })

  test('behaviour: a number without a plan of its own stands at the plan that it comes to', () => {
    expect(attributesOf(draw(6))).toContain('value="5"')
    expect(attributesOf(draw(1))).toContain('value="2"')
    expect(attributesOf(draw(30))).toContain('value="7"')
  })

  test('behaviour: the chart stands in figures too', () => {
    const table = /<table>.*<\/table>/s.exec(draw(5))?.[0] ?? ''
    expect(table.match(/<tr>/g)).toHaveLength(4)
    expect(table).toContain('<th scope="row">5</th><td>$12.30</td><td>0.1 pp</td><td>chosen</td>')
    expect(table).toContain('<td>the planner’s</td>')
  })
})
