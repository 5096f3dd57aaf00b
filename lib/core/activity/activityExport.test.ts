import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { receiptArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt } from '@/lib/testing/builders/receipt'
import { runs } from '@/lib/testing/runs'
import { parseAmount } from '../numbers/parse'
import { activityColumns, composeActivityCsv, encodeCell } from './activityCsv'
import { composeActivityJson } from './activityJson'
import type { OrUnknown, Receipt } from './receipt'

/** Reads RFC 4180 strictly: CRLF after every record, quotes doubled, nothing after a closing quote. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let position = 0
  while (position < text.length) {
    let cell = ''
    if (text[position] === '"') {
      position += 1
      for (;;) {
        if (position >= text.length) throw new Error('an open quote')
        if (text[position] !== '"') cell += text[position++]
        else if (text[position + 1] === '"') {
          cell += '"'
          position += 2
        } else break
      }
      position += 1
    } else {
      while (position < text.length && !/[",\r\n]/.test(text[position] ?? '')) cell += text[position++]
    }
    row.push(cell)
    if (text[position] === ',') position += 1
    else if (text.startsWith('\r\n', position)) {
      rows.push(row)
      row = []
      position += 2
    } else throw new Error(`a strange character at ${position}`)
  }
  if (row.length > 0) throw new Error('an unfinished record')
  return rows
}

const bare = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : cell)

type Row = Readonly<Record<(typeof activityColumns)[number], string>>

function readCsv(receipts: readonly Receipt[]): readonly Row[] {
  const [head, ...rows] = parseCsv(composeActivityCsv(receipts))
  expect(head).toEqual([...activityColumns])
  return rows.map((cells) => {
    expect(cells).toHaveLength(activityColumns.length)
    return Object.fromEntries(activityColumns.map((name, index) => [name, bare(cells[index] ?? '')])) as Row
  })
}

/** A decimal text back in base units. */
function toUnits(text: string, decimals: number): OrUnknown<bigint> {
  if (text === 'unknown') return text
  const size = text.replace('-', '')
  const parsed = parseAmount(size, decimals)
  if (parsed.status === 'refused') throw new Error(`${text}: ${parsed.message}`)
  return text === size ? parsed.amount : -parsed.amount
}

const toSeconds = (text: string) => (text === 'unknown' ? text : Date.parse(text) / 1_000)
const decimalsOf = ({ assets }: Receipt, id: string) => assets.find(({ assetId }) => assetId === id)?.decimals ?? 0

/** All that a CSV says of a receipt, as figures. */
function figuresOfCsv(receipt: Receipt, rows: readonly Row[]) {
  const [first] = rows
  if (first === undefined) throw new Error('a receipt has a row')
  return {
    chainId: Number(first.chain_id),
    account: first.account,
    txHash: first.tx_hash,
    planned: { blockNumber: BigInt(first.planned_block), timestamp: toSeconds(first.planned_time) },
    included: { blockNumber: BigInt(first.block), timestamp: toSeconds(first.time) },
    latencyBlocks: BigInt(first.latency_blocks),
    rung: first.way,
    router: first.router,
    legs: rows.map((row) => ({
      sell: row.sell,
      buy: row.buy,
      amountIn: toUnits(row.sold, decimalsOf(receipt, row.sell)),
      quoted: toUnits(row.quoted, decimalsOf(receipt, row.buy)),
      ...(row.minimum === '' ? {} : { minimum: toUnits(row.minimum, decimalsOf(receipt, row.buy)) }),
      received: toUnits(row.received, decimalsOf(receipt, row.buy)),
      oracleMid: toUnits(row.oracle_mid, decimalsOf(receipt, row.buy)),
      gasUnits: BigInt(row.gas_units),
    })),
    paid: toUnits(first.gas_native, 18),
    cost: {
      feeUsd: toUnits(first.fee_usd, 18),
      impactUsd: toUnits(first.impact_usd, 18),
      gasUsd: toUnits(first.gas_usd, 18),
      totalUsd: toUnits(first.cost_usd, 18),
      totalCentiBps: first.cost_bps === 'unknown' ? 'unknown' : Number(toUnits(first.cost_bps, 2)),
    },
    beforeUsd: toUnits(first.value_before_usd, 18),
    afterUsd: toUnits(first.value_after_usd, 18),
  }
}

function figuresOf({ assets: _, positions: __, spendings: ___, purchases: ____, gas, ...rest }: Receipt) {
  return { ...rest, paid: gas.paid }
}

describe('composeActivityCsv', () => {
  test('default', () => {
    const [first, second] = readCsv([buildReceipt()])
    expect(first).toMatchObject({
      time: '2025-06-15T15:07:16.000Z',
      latency_blocks: '3',
      leg: '1',
      legs: '2',
      sell: 'USDC',
      sold: '500',
      buy: 'LINK',
      quoted: '49.8',
      minimum: '49.5',
      received: '49.75',
      oracle_mid: '50',
      gas_native: '0.001',
      cost_usd: '7',
      cost_bps: '14',
      value_before_usd: '5000',
    })
    expect(second).toMatchObject({ leg: '2', buy: 'ETH', minimum: '', received: '0.24875', cost_usd: '' })
  })

  test('behaviour: no receipts are the head alone', () => {
    expect(composeActivityCsv([])).toBe(`${activityColumns.join(',')}\r\n`)
  })

  test('behaviour: an asset whose decimals are not known is written in base units', () => {
    const [row] = readCsv([buildReceipt({ assets: [] })])
    expect(row?.sold).toBe('500000000 base units')
  })

  test('behaviour: a time that no calendar has is unknown', () => {
    const [row] = readCsv([buildReceipt({ included: { blockNumber: 1n, timestamp: Number.MAX_SAFE_INTEGER } })])
    expect(row?.time).toBe('unknown')
  })

  test('property: what was written is read again, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(receiptArbitrary, { maxLength: 4 }), (receipts) => {
        const rows = [...readCsv(receipts)]
        for (const receipt of receipts) {
          const own = rows.splice(0, receipt.legs.length)
          expect(own.map(({ leg, legs }) => [leg, legs])).toEqual(
            own.map((_, index) => [`${index + 1}`, `${own.length}`]),
          )
          expect(figuresOfCsv(receipt, own)).toEqual(figuresOf(receipt))
        }
        expect(rows).toEqual([])
      }),
    )
  })
})

describe('encodeCell', () => {
  test.each([
    ['12.5', '12.5'],
    ['-0.5', '-0.5'],
    ['', ''],
    ['ETH', 'ETH'],
    ['=1+1', "'=1+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', `"'\t=1"`.replaceAll('"', '')],
    ['\r=1', `"'\r=1"`],
    ['"=1"', `"'""=1"""`],
    ["'quoted", "''quoted"],
    ['a,b', '"a,b"'],
  ])('behaviour: %j', (text, cell) => {
    expect(encodeCell(text)).toBe(cell)
  })

  const hostile = fc
    .tuple(fc.constantFrom('', ' ', '\t', '\r', '\n', '\u00a0', '"', "'", '\0'), fc.constantFrom(...'=+-@＝＋－＠'))
    .chain(([space, sign]) => fc.string({ unit: 'binary' }).map((rest) => space + sign + rest))

  test('property: no cell begins as a formula, and every text comes back', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const [[cell = ''] = []] = parseCsv(`${encodeCell(text)}\r\n`)
        expect(/^-?\d+(?:\.\d+)?$/.test(cell) || !/^[\s\0]*[=+\-@＝＋－＠|%]/.test(cell)).toBe(true)
        expect(bare(cell)).toBe(text)
      }),
      { numRuns: runs(1_000) },
    )
  })

  test('property: names of assets cannot break out of their cells', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (name) => {
        const { legs, ...rest } = buildReceipt()
        const rows = readCsv([{ ...rest, legs: legs.map((leg) => ({ ...leg, buy: name })) }])
        expect(rows.map(({ buy }) => buy)).toEqual([name, name])
      }),
    )
  })
})

describe('composeActivityJson', () => {
  test('default', () => {
    const file = JSON.parse(composeActivityJson([buildReceipt()]))
    expect(file).toMatchObject({ format: 'ballast.activity', version: 1 })
    expect(file.receipts[0]).toMatchObject({
      txHash: buildReceipt().txHash,
      included: { block: '103', time: '2025-06-15T15:07:16.000Z' },
      cost: { totalUsd: '7', totalBps: '14' },
      weights: [
        { asset: 'ETH', beforeBps: 4000, afterBps: 5000 },
        { asset: 'USDC', beforeBps: 6000, afterBps: 4004 },
        { asset: 'LINK', beforeBps: 0, afterBps: 996 },
      ],
    })
    expect(file.receipts[0].legs[1]).not.toHaveProperty('minimum')
  })

  test('property: what was written is read again, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(receiptArbitrary, { maxLength: 3 }), (receipts) => {
        const file = JSON.parse(composeActivityJson(receipts)) as { receipts: Parameters<typeof figuresOfJson>[0][] }
        expect(file.receipts.map((each) => figuresOfJson(each))).toEqual(receipts)
      }),
    )
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives has no type, and the comparison proves its shape.
function figuresOfJson(file: any): Receipt {
  const assets = file.assets.map((row: { asset: string; decimals: number; priceUsd: string }) => ({
    assetId: row.asset,
    decimals: row.decimals,
    priceUsd: toUnits(row.priceUsd, 18),
  }))
  const amount = (id: string, text: string) => toUnits(text, decimalsOf({ assets } as Receipt, id))
  type Named = Record<string, string>
  return {
    chainId: file.chainId,
    account: file.account,
    txHash: file.txHash,
    planned: { blockNumber: BigInt(file.planned.block), timestamp: toSeconds(file.planned.time) as number },
    included: { blockNumber: BigInt(file.included.block), timestamp: toSeconds(file.included.time) },
    latencyBlocks: BigInt(file.latencyBlocks),
    rung: file.way,
    router: file.router,
    assets,
    legs: file.legs.map(({ sell = '', buy = '', ...leg }: Named) => ({
      sell,
      buy,
      amountIn: amount(sell, leg.sold ?? ''),
      quoted: amount(buy, leg.quoted ?? ''),
      ...(leg.minimum === undefined ? {} : { minimum: amount(buy, leg.minimum) }),
      received: amount(buy, leg.received ?? ''),
      oracleMid: amount(buy, leg.oracleMid ?? ''),
      gasUnits: BigInt(leg.gasUnits ?? ''),
    })),
    spendings: file.spendings.map(({ asset = '', token, ...row }: Named) => ({
      assetId: asset,
      token,
      amount: amount(asset, row.amount ?? ''),
    })),
    purchases: file.purchases.map(({ asset = '', token, ...row }: Named) => ({
      assetId: asset,
      token,
      quoted: amount(asset, row.quoted ?? ''),
      minimum: amount(asset, row.minimum ?? ''),
      received: amount(asset, row.received ?? ''),
    })),
    positions: file.weights.map(({ asset = '', ...row }: Named) => ({
      assetId: asset,
      beforeAmount: amount(asset, row.beforeAmount ?? ''),
      beforeUsd: toUnits(row.beforeUsd ?? '', 18),
      beforeBps: row.beforeBps,
      afterAmount: amount(asset, row.afterAmount ?? ''),
      afterUsd: toUnits(row.afterUsd ?? '', 18),
      afterBps: row.afterBps,
    })),
    beforeUsd: toUnits(file.valueBeforeUsd, 18) as Receipt['beforeUsd'],
    afterUsd: toUnits(file.valueAfterUsd, 18) as Receipt['afterUsd'],
    gas: { units: BigInt(file.gas.units), paid: toUnits(file.gas.native, 18) as bigint },
    cost: {
      feeUsd: toUnits(file.cost.feeUsd, 18) as Receipt['beforeUsd'],
      impactUsd: toUnits(file.cost.impactUsd, 18),
      gasUsd: toUnits(file.cost.gasUsd, 18) as Receipt['cost']['gasUsd'],
      totalUsd: toUnits(file.cost.totalUsd, 18),
      totalCentiBps: file.cost.totalBps === 'unknown' ? 'unknown' : Number(toUnits(file.cost.totalBps, 2)),
    },
  }
}
