import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { QuoteStatus } from './QuoteStatus'

const draw = (times: { readonly ageSeconds: number; readonly lateSeconds: number | undefined }) =>
  renderToStaticMarkup(
    <QuoteStatus
      plannedAt={{ number: 42n }}
      checkedAt={{ number: 44n }}
      isRefreshing={false}
      onRefresh={() => undefined}
      {...times}
    />,
  ).replace(/<[^>]+>/g, '')

describe('QuoteStatus', () => {
  test('default', () => {
    const text = draw({ ageSeconds: 12.7, lateSeconds: undefined })
    expect(text).toContain('Quoted at block 42 · unchanged at block 44 · checked 12 s ago')
  })

  test('behaviour: F-32 prices that are old are called so', () => {
    const text = draw({ ageSeconds: 2, lateSeconds: 75 })
    expect(text).toContain('unchanged at block 44 · prices are 1 min old')
    expect(text).not.toContain('checked')
  })

  test('behaviour: no age is negative', () => {
    expect(draw({ ageSeconds: -3, lateSeconds: undefined })).toContain('checked just now')
  })
})
