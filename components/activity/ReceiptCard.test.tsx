import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { findUndo } from '@/lib/hooks/activity/useUndoTargets'
import { buildReceipt, exampleReceiptRequest } from '@/lib/testing/builders/receipt'
import { ReceiptCard } from './ReceiptCard'
import { ReceiptDetails } from './ReceiptDetails'
import { UndoNotice } from './UndoNotice'

const { assets } = exampleReceiptRequest
const receipt = buildReceipt()
const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\s+/g, ' ')

function render(standing: Parameters<typeof ReceiptCard>[0]['standing'], of = receipt) {
  return renderToStaticMarkup(<ReceiptCard receipt={of} standing={standing} assets={assets} onUndo={() => undefined} />)
}

describe('ReceiptCard', () => {
  test('default', () => {
    const html = render({ status: 'final', blockNumber: 103n })
    const text = textOf(html)
    expect(text).toContain('Sold 1,000 USDC for 49.75 LINK, 0.24875 ETH')
    expect(text).toContain('Cost $7.00 (14.0 bps)')
    expect(text).toContain('3 blocks after its quotes')
    expect(text).toContain(receipt.txHash)
    expect(html).toContain('aria-label="Before: ETH 40.0 %, USDC 60.0 %"')
    expect(html).toContain('aria-label="After: ETH 50.0 %, USDC 40.0 %, LINK 10.0 %"')
    expect(html).not.toContain('<a ')
  })

  test('behaviour: a transaction that the chain does not show is said so in words', () => {
    expect(textOf(render({ status: 'missing' }))).toContain('The chain does not show this transaction.')
    expect(textOf(render(undefined))).not.toContain('The chain does not show this transaction.')
  })

  test('behaviour: what is not known is never shown as zero', () => {
    const [first, ...others] = receipt.positions
    const [bought, ...rest] = receipt.purchases
    if (first === undefined || bought === undefined) throw new Error('a position and a purchase')
    const text = textOf(
      render(undefined, {
        ...receipt,
        afterUsd: 'unknown',
        positions: [{ ...first, afterUsd: 'unknown', afterBps: 'unknown' }, ...others],
        purchases: [{ ...bought, received: 'unknown' }, ...rest],
        cost: { ...receipt.cost, impactUsd: 'unknown', totalUsd: 'unknown', totalCentiBps: 'unknown' },
      }),
    )
    expect(text).toContain('an unknown amount of LINK')
    expect(text).toContain('Cost not known')
    expect(text).toContain('After: not known')
    expect(text).not.toContain('$0.00')
  })
})

describe('ReceiptDetails', () => {
  test('default', () => {
    const text = textOf(renderToStaticMarkup(<ReceiptDetails receipt={receipt} />))
    expect(text).toContain('500 USDC → 49.75 LINK')
    expect(text).toContain('133,333 gas')
    expect(text).toContain('received \u221250.0 bps')
    expect(text).toContain('by the total')
    expect(text).toContain('Price impact, as measured $2.00')
    expect(text).toContain('Cost in all $7.00')
    expect(text).toContain('ETH 40.0 % 50.0 %')
    expect(text).toContain('Uniswap SwapRouter02')
  })
})

describe('UndoNotice', () => {
  const undoOf = (hash: typeof receipt.txHash, listed = assets) =>
    renderToStaticMarkup(<UndoNotice undo={findUndo(hash, [receipt], listed)} />)

  test('default', () => {
    expect(undoOf(receipt.txHash)).toContain('data-error-code="undo"')
  })

  test('behaviour: no receipt of it, and assets that are gone', () => {
    expect(undoOf('0x01')).toContain('data-error-code="undoNotFound"')
    expect(undoOf(receipt.txHash, [])).toContain('data-error-code="undo-unlisted"')
  })
})
