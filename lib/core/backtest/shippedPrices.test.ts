import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { InvalidShippedPricesError, toPriceSeries, toShippedPrices, toStepPrices } from './shippedPrices'

const asset = { asset: 'ETH', from: '1970-01-03', to: '1970-01-05', closes: '2 - 4.5' }
const file = { format: 'ballast-prices', version: 1, source: 'somewhere', licence: 'CC0 1.0', assets: [asset] }

describe('toShippedPrices', () => {
  test('default', () => {
    const { series } = toShippedPrices(file)
    expect(series).toEqual([{ asset: 'ETH', startSeconds: 172_800, prices: [2, null, 4.5] }])
  })

  test('behaviour: the file that ships is taken, with its assets and their days', () => {
    const path = fileURLToPath(new URL('../../../public/lab/prices-daily.json', import.meta.url))
    const { series, licence } = toShippedPrices(JSON.parse(readFileSync(path, 'utf8')))
    expect(licence).toBe('CC0 1.0')
    const eth = series.find(({ asset: name }) => name === 'ETH')
    expect(eth?.prices.length).toBe(2160)
    expect(eth?.prices.at(-1)).toBeCloseTo(2324.7, 0)
  })

  test.each([
    ['file', 1],
    ['format', { ...file, version: 2 }],
    ['assets', { ...file, assets: {} }],
    ['assets[0].from', { ...file, assets: [{ ...asset, from: 'yesterday' }] }],
    ['assets[0].closes', { ...file, assets: [{ ...asset, closes: '1 0 2' }] }],
    ['assets[0].closes', { ...file, assets: [{ ...asset, closes: '1  2' }] }],
  ])('error: InvalidShippedPricesError at %s', (field, json) => {
    expect(() => toShippedPrices(json)).toThrow(new InvalidShippedPricesError(field))
  })
})

describe('toPriceSeries', () => {
  test('default', () => {
    const [series] = toShippedPrices(file).series
    expect(series && toPriceSeries(series)).toEqual({
      id: 'ETH',
      prices: [
        { day: 2, price: 2 },
        { day: 4, price: 4.5 },
      ],
    })
  })
})

describe('toStepPrices', () => {
  test('default', () => {
    const [series] = toShippedPrices(file).series
    expect(series && toStepPrices(toPriceSeries(series))).toEqual(series)
  })

  test('behaviour: an asset without any price is none', () => {
    expect(toStepPrices({ id: 'ETH', prices: [] })).toBeUndefined()
  })
})
