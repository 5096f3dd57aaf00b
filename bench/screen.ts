import type { Address } from '@/lib/core/units'
import { openPage, readSeenAt, withSite } from './browser'
import { type BenchReport, listMissed, measureAtMost, measureOnly, quantile, writeMs } from './measurement'

const runs = 7
/** The table comes with its figures; until then there is an outline that is none. */
const awaited = { holdings: { selector: 'main table tbody tr' }, landing: { selector: 'main h1' } }

/** How long a visitor waits for the first screen that is of use: the holdings of an address, read from the chain. */
export function measureFirstScreen(): Promise<BenchReport> {
  return withSite(async ({ url, devnet, browser }) => {
    const visit = async (awaitedName: keyof typeof awaited, watched?: Address) => {
      const page = await openPage(browser, watched === undefined ? { awaited } : { awaited, watched })
      await page.goto(url)
      const seenAt = await readSeenAt(page, awaitedName)
      await page.context().close()
      return seenAt
    }
    const holdings: number[] = []
    const landings: number[] = []
    for (let run = 0; run < runs; run += 1) {
      holdings.push(await visit('holdings', devnet.accounts.demo.address))
      landings.push(await visit('landing'))
    }
    const measurements = [
      measureAtMost({
        name: `holdings on the screen, nothing cached, median of ${runs}`,
        value: quantile(holdings, 0.5),
        goal: 1000,
        write: writeMs,
      }),
      measureOnly('the slowest of them', writeMs(Math.max(...holdings))),
      measureOnly('landing page for a new visitor, median', writeMs(quantile(landings, 0.5))),
    ]
    return { title: 'First useful screen, from navigation', measurements, losses: listMissed(measurements) }
  })
}
