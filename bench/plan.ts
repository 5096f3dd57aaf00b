import type { Page } from 'playwright'
import { exampleTargets, openPage, readSeenAt, type Site, withSite } from './browser'
import { connectDemoWallet } from './connectDemoWallet'
import { type BenchReport, listMissed, measureAtMost, measureOnly, quantile, writeMs } from './measurement'

const runs = 7
/** Somebody who looks at the portfolio before asking for a plan. */
const readingMs = 1_500
/** Between reaching the button and pressing it. */
const aimingMs = 150

const awaited = {
  holdings: { selector: 'main table tbody tr' },
  legs: { selector: 'section[aria-label="Plan"] ol[aria-label="Legs"] li' },
  signable: { selector: 'section[aria-label="Plan"] button:not([disabled])', text: 'Review' },
}

/** From pressing "Plan rebalance" to a plan on the screen whose "Review" button takes a click. */
async function clickAndWait(page: Page): Promise<number> {
  const button = page.getByRole('main').getByRole('button', { name: 'Plan rebalance' })
  await button.hover()
  await page.waitForTimeout(aimingMs)
  await page.evaluate(() => {
    window.addEventListener('click', () => performance.mark('pressed'), { capture: true, once: true })
  })
  await button.click()
  const seenAt = await readSeenAt(page, 'signable')
  const pressedAt = await page.evaluate(() => performance.getEntriesByName('pressed')[0]?.startTime ?? Number.NaN)
  return seenAt - pressedAt
}

/** The storage of somebody who has connected the demo wallet and saved targets, for further visits. */
async function rememberSession({ url, devnet, browser }: Site) {
  const saved = { account: devnet.accounts.demo.address, targets: exampleTargets }
  const page = await openPage(browser, { saved })
  await page.goto(url)
  await connectDemoWallet(page)
  const storageState = await page.context().storageState()
  await page.context().close()
  return storageState
}

/** How long the plan takes in the browser, from the click to a plan that can be reviewed and signed. */
export function measurePlanTime(): Promise<BenchReport> {
  return withSite(async (site) => {
    const storageState = await rememberSession(site)
    const visit = async (waitMs: number) => {
      const page = await openPage(site.browser, { awaited, context: { storageState } })
      await page.goto(site.url)
      await readSeenAt(page, 'holdings')
      await page.waitForTimeout(waitMs)
      const elapsedMs = await clickAndWait(page)
      await page.context().close()
      return elapsedMs
    }
    const rested: number[] = []
    const hasty: number[] = []
    for (let run = 0; run < runs; run += 1) rested.push(await visit(readingMs))
    for (let run = 0; run < runs; run += 1) hasty.push(await visit(0))
    const measurements = [
      measureAtMost({
        name: `click to a signable plan, median of ${runs}`,
        value: quantile(rested, 0.5),
        goal: 300,
        write: writeMs,
      }),
      measureOnly('the slowest of them', writeMs(Math.max(...rested))),
      measureOnly('clicked as soon as the holdings show, median', writeMs(quantile(hasty, 0.5))),
    ]
    return { title: 'Plan in the browser', measurements, losses: listMissed(measurements) }
  })
}
