import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { localChainId } from '@/lib/chain/deployments/local'
import type { Targets } from '@/lib/core/targets'
import { type Address, toBps } from '@/lib/core/units'
import { watchedAddressKey } from '@/lib/hooks/wallet/watchedAddress'
import { toAccountKey } from '@/lib/storage/accountStores'
import { build } from '../scripts/build.mjs'
import { startServer } from '../scripts/serve.mjs'
import { ensureChromium } from '../scripts/setup.mjs'

/** The built app beside a local chain of its own, and a browser to look at it. */
export type Site = { readonly url: string; readonly devnet: Devnet; readonly browser: Browser }

/** Targets that leave every asset of the seeded portfolio something to do. */
export const exampleTargets: Targets = {
  weights: [
    { assetId: 'ETH', weightBps: toBps(3500) },
    { assetId: 'WBTC', weightBps: toBps(2500) },
    { assetId: 'USDC', weightBps: toBps(1500) },
    { assetId: 'LINK', weightBps: toBps(1000) },
    { assetId: 'UNI', weightBps: toBps(800) },
    { assetId: 'AAVE', weightBps: toBps(700) },
  ],
}

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Builds the app where that is needed, serves it, works with it and ends everything. */
export async function withSite<Result>(work: (site: Site) => Promise<Result>): Promise<Result> {
  const [executablePath, devnet] = await Promise.all([ensureChromium(), startDevnet(), build()])
  const chains = [{ chainId: localChainId, rpcUrls: [devnet.rpcUrl] }]
  const server = await startServer({ runtimeConfig: { version: 1, chains } })
  const browser = await chromium.launch({ executablePath, args: launchArguments })
  try {
    return await work({ url: server.url, devnet, browser })
  } finally {
    await browser.close()
    await server.stop()
    await devnet.stop()
  }
}

/** An element that is waited for: what a selector finds and, where that is not enough, what stands in it. */
type AwaitedElement = { readonly selector: string; readonly text?: string }

/** What a page finds when it opens. */
type Visit = {
  /** Looks at this address without a wallet. */
  readonly watched?: Address
  /** Has saved these targets. */
  readonly saved?: { readonly account: Address; readonly targets: Targets }
  /** What `readSeenAt` will be asked for. */
  readonly awaited?: Readonly<Record<string, AwaitedElement>>
  readonly context?: BrowserContextOptions
}

declare global {
  interface Window {
    /** When each awaited element was first on the screen, in milliseconds since navigation. */
    seenAt?: Record<string, number>
  }
}

/** A page in a context of its own: nothing is cached, nothing remembered but what the visit brings. */
export async function openPage(browser: Browser, { watched, saved, awaited = {}, context }: Visit): Promise<Page> {
  const own = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', viewport: desktop, ...context })
  const local = saved === undefined ? [] : [toTargetsEntry(saved)]
  const session = watched === undefined ? [] : [[watchedAddressKey, watched] as const]
  await own.addInitScript(
    ({ localEntries, sessionEntries, wanted, lookEveryMs }) => {
      for (const [key, text] of localEntries) localStorage.setItem(key, text)
      for (const [key, text] of sessionEntries) sessionStorage.setItem(key, text)
      const seenAt: Record<string, number> = {}
      window.seenAt = seenAt
      if (wanted.length === 0) return
      // Nothing in here has a name of its own: the loader of TypeScript would mark it with a function that a page lacks.
      setInterval(() => {
        for (const [name, { selector, text }] of wanted) {
          const isSeen = [...document.querySelectorAll(selector)].some(
            (element) =>
              element.getClientRects().length > 0 && (text === undefined || element.textContent?.trim() === text),
          )
          if (isSeen) seenAt[name] ??= performance.now()
          else delete seenAt[name]
        }
      }, lookEveryMs)
    },
    { localEntries: local, sessionEntries: session, wanted: Object.entries(awaited), lookEveryMs },
  )
  return own.newPage()
}

const lookEveryMs = 5
const desktop = { width: 1280, height: 800 }

function toTargetsEntry({ account, targets }: { readonly account: Address; readonly targets: Targets }) {
  const key = `ballast.${toAccountKey('targets', { account, chainId: localChainId })}`
  return [key, JSON.stringify({ version: 1, value: targets })] as const
}

/** Waits until an awaited element is on the screen, and says when it was, in milliseconds since navigation. */
export async function readSeenAt(page: Page, name: string, timeoutMs = 30_000): Promise<number> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const at = await page.evaluate((which) => window.seenAt?.[which], name)
    if (at !== undefined) return at
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new NeverSeenError(name)
}

/** Something that a benchmark waits for never came on the screen. */
export class NeverSeenError extends Error {
  override readonly name = 'NeverSeenError'
  constructor(readonly awaited: string) {
    super(`${awaited} never came on the screen.`)
  }
}
