import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { ReadingAgeAt } from './ReadingAge'

const timestamp = 1_700_000_000
const draw = (nowSeconds: number, readSeconds = nowSeconds - 3) =>
  renderToStaticMarkup(
    <ReadingAgeAt
      block={{ number: 1_234n, timestamp }}
      deployment={localDeployment}
      readAtMs={readSeconds * 1_000}
      nowMs={nowSeconds * 1_000}
      onRefresh={() => undefined}
    />,
  ).replace(/<[^>]+>/g, '')

describe('ReadingAge', () => {
  test('default', () => {
    expect(draw(timestamp + 4)).toBe('Block 1,234 · read 3 s ago')
  })

  test('behaviour: T-42 a block that is late, or too old, says how old prices are', () => {
    expect(draw(timestamp + 11)).toBe('Block 1,234 · prices are 11 s old')
    expect(draw(timestamp + localDeployment.maxHeadAgeSeconds + 60)).toBe('Block 1,234 · prices are 2 min old')
  })

  test('behaviour: F-32 a clock behind the chain makes nothing negative', () => {
    expect(draw(timestamp - 500)).toBe('Block 1,234 · read 3 s ago')
    expect(draw(timestamp - 500, timestamp - 400)).toBe('Block 1,234 · read just now')
  })
})
