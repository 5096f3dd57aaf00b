// Makes public/lab/prices-daily.json, the prices that the Lab ships, from a CSV of the data set that the file names:
//   node scripts/shipPrices.mjs CSV
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './paths.mjs'
import { runMain, StopLine } from './stopLine.mjs'

/** What is shipped: what portfolios on Ethereum hold, and the longest histories. */
export const shippedAssets = ['BTC', 'ETH', 'WBTC', 'USDC', 'USDT', 'LINK', 'UNI', 'AAVE', 'BNB', 'LTC', 'XRP', 'SOL']

const digits = 5
const daySeconds = 86_400

/** Closing prices with five digits, a day that is missing as a dash; all days from the first to the last of each asset. */
export function composeShippedPrices(csv, assets = shippedAssets) {
  const [head, ...lines] = csv.trim().split(/\r?\n/)
  const names = head.split(',')
  const [assetAt, dateAt, closeAt] = ['asset', 'date', 'close'].map((name) => {
    const at = names.indexOf(name)
    if (at < 0) throw new StopLine(`The CSV has no column "${name}".`)
    return at
  })
  const closes = new Map(assets.map((asset) => [asset, new Map()]))
  for (const [at, line] of lines.entries()) {
    const cells = line.split(',')
    const prices = closes.get(cells[assetAt])
    if (prices === undefined) continue
    const day = Date.parse(`${cells[dateAt]}T00:00:00Z`) / 1000 / daySeconds
    const close = Number(cells[closeAt])
    if (!Number.isInteger(day) || !(close > 0)) throw new StopLine(`Line ${at + 2} of the CSV is not a price: ${line}`)
    if (prices.has(day)) throw new StopLine(`Line ${at + 2} of the CSV gives a day a second time: ${line}`)
    prices.set(day, Number(close.toPrecision(digits)))
  }
  const toDate = (day) => new Date(day * daySeconds * 1000).toISOString().slice(0, 10)
  return {
    format: 'ballast-prices',
    version: 1,
    source: 'Kaggle, sudalairajkumar, cryptocurrencypricehistory',
    licence: 'CC0 1.0',
    unit: 'USD',
    step: 'day (UTC), closing price, 5 digits; - where the day is missing',
    assets: assets.map((asset) => {
      const prices = closes.get(asset)
      if (prices.size === 0) throw new StopLine(`The CSV has no prices of ${asset}.`)
      const days = [...prices.keys()]
      const [first, last] = [Math.min(...days), Math.max(...days)]
      const written = Array.from({ length: last - first + 1 }, (_, at) => prices.get(first + at) ?? '-')
      return { asset, from: toDate(first), to: toDate(last), closes: written.join(' ') }
    }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const [path] = process.argv.slice(2)
    if (path === undefined) throw new StopLine('Usage: node scripts/shipPrices.mjs CSV')
    const target = join(root, 'public', 'lab', 'prices-daily.json')
    const text = `${JSON.stringify(composeShippedPrices(readFileSync(path, 'utf8')), null, 2)}\n`
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    process.stdout.write(`${target}: ${text.length} bytes\n`)
  })
}
