import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Words for amounts, prices and shares, and what is read from such words, by a process of its own. */
const script = `
const load = (path) => import(${JSON.stringify(pathToFileURL(root).href)} + path)
const core = await load('/lib/core/numbers/format.ts')
const { parseAmount } = await load('/lib/core/numbers/parse.ts')
const { formatPercent, formatFeePips } = await load('/components/format/formatPercent.ts')
const { formatPrice } = await load('/components/format/formatPrice.ts')
const words = [
  core.formatUsd(1234567890123456789012n), core.formatUsdFull(123456789n * 10n ** 18n, 'up'),
  core.formatTokenAmount(1234567891n, 6), core.formatTokenAmountFull(-5n * 10n ** 17n, 18),
  core.formatWeight(1234), core.formatDriftPp(-1234), core.formatTenths(12345), core.formatCentiBps(1234),
  formatPercent(1234), formatFeePips(500), formatPrice(1234567890123456789012n),
  ...['1234.5', '1,234.5', '1.234,5', '١٢', '0.000001'].map((text) => {
    const read = parseAmount(text, 6)
    return read.status === 'parsed' ? String(read.amount) : read.status
  }),
]
process.stdout.write(JSON.stringify({ locale: new Intl.NumberFormat().resolvedOptions().locale, words }))
`

function sayIn(language: string): { readonly locale: string; readonly words: readonly string[] } {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const env = { ...process.env, LC_ALL: `${language}.UTF-8`, LANG: `${language}.UTF-8` }
  return JSON.parse(execFileSync(process.execPath, args, { cwd: join(root), env, encoding: 'utf8' }))
}

test('behaviour: A-22 amounts are written and read the same in whatever language the machine speaks', () => {
  const [english, german, arabic, turkish] = ['en_US', 'de_DE', 'ar_EG', 'tr_TR'].map(sayIn)
  expect([english, german, arabic, turkish].map((said) => said?.locale.slice(0, 2))).toEqual(['en', 'de', 'ar', 'tr'])
  expect(english?.words).toContain('$1,234.57')
  for (const { words } of [german, arabic, turkish].flatMap((said) => said ?? [])) {
    expect(words).toEqual(english?.words)
  }
}, 60_000)
