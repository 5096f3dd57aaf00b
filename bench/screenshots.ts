import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright'
import { root } from '../scripts/paths.mjs'
import { exampleTargets, openPage, type Site, withSite } from './browser'
import { connectDemoWallet } from './connectDemoWallet'

/**
 * Takes the pictures of the README from the real app on a local chain: node scripts/run.mjs bench/screenshots.ts
 */

const folder = join(root, 'docs', 'images')
const desktop = { viewport: { width: 1280, height: 860 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true }

/** Charts and rows move to their place; the picture is taken when they have. */
const settleMs = 900
/** The browser hides its scroll bars in pictures, but keeps their place. */
const withoutGutter = 'html { scrollbar-gutter: auto }'

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate(() => window.scrollTo(0, 0))
  await page.waitForTimeout(settleMs)
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', style: withoutGutter })
  process.stdout.write(`${name}.png  ${Math.round(statSync(path).size / 1000)} kB\n`)
}

/** The demo account, connected and with targets, on its portfolio. */
async function openPortfolio({ url, devnet, browser }: Site, context: BrowserContextOptions): Promise<Page> {
  const saved = { account: devnet.accounts.demo.address, targets: exampleTargets }
  const page = await openPage(browser, { saved, context: { reducedMotion: 'reduce', ...context } })
  await page.goto(url)
  await connectDemoWallet(page)
  return page
}

const pressInMain = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name }).click()

async function plan(page: Page): Promise<void> {
  await pressInMain(page, 'Plan rebalance')
  await page.getByRole('list', { name: 'Legs' }).waitFor()
}

async function review(page: Page): Promise<void> {
  await pressInMain(page, 'Review')
  await page.getByRole('heading', { name: 'Review', level: 1 }).waitFor()
}

mkdirSync(folder, { recursive: true })
await withSite(async (site) => {
  const light = await openPortfolio(site, { ...desktop, colorScheme: 'light' })
  await take(light, 'portfolio-light')
  await plan(light)
  await review(light)
  await take(light, 'review-light')

  const dark = await openPortfolio(site, { ...desktop, colorScheme: 'dark' })
  await plan(dark)
  await take(dark, 'plan-dark')

  const phoneLight = await openPortfolio(site, { ...phone, colorScheme: 'light' })
  await take(phoneLight, 'phone-light')
  const phoneDark = await openPortfolio(site, { ...phone, colorScheme: 'dark' })
  await plan(phoneDark)
  await take(phoneDark, 'phone-dark')
})
