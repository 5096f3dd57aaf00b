import { localChainId, localDeployment } from '@/lib/chain/deployments/local'
import { toAccountKey } from '@/lib/storage/accountStores'
import { encodeJson } from '@/lib/storage/jsonCodec'
import type { AppDriver, WantedWeights } from '../driver'
import { test as base, expect } from '../fixtures'
import { type LedgerBefore, takeLedger } from '../oracle'
import { walletRdns } from './pageProvider'

type EarlierVisit = {
  /** Target weights that were saved then. */
  readonly weights: WantedWeights
  /** The account of the wallet as it stands before the test. The wallet is connected already, and the targets are saved. */
  readonly before: LedgerBefore
}

function toSavedTargets(weights: WantedWeights): string {
  const value = {
    weights: Object.entries(weights).map(([symbol, percent]) => {
      const asset = localDeployment.assets.find(({ tokens }) => tokens.some((token) => token.symbol === symbol))
      return { assetId: asset?.id, weightBps: Number(percent) * 100 }
    }),
  }
  return encodeJson({ version: 1, value })
}

/** Writes what is not there yet, before anything of the page runs. */
function remember(entries: readonly (readonly [key: string, text: string])[]): void {
  // An empty page, which every page is at first, has no storage.
  if (window.origin === 'null') return
  for (const [key, text] of entries) if (localStorage.getItem(key) === null) localStorage.setItem(key, text)
}

/** Sells some of two tokens for ether: two approvals and a swap. Nothing else is out of its band. */
const fewTrades: WantedWeights = {
  ETH: '35',
  WBTC: '24.5',
  USDC: '15.5',
  USDT: '8',
  DAI: '2.5',
  LINK: '6',
  UNI: '4',
  AAVE: '4.5',
}

/** Tests that begin where an earlier visit ended: the wallet knows the site, and the site the wallet and the targets. */
export const test = base.extend<EarlierVisit>({
  weights: [fewTrades, { option: true }],
  before: async ({ context, devnet, wallet, weights }, use) => {
    await wallet.request({ method: 'eth_requestAccounts' })
    const account = wallet.account()
    await context.addInitScript(remember, [
      ['ballast.wallet.recentConnectorId', JSON.stringify(walletRdns)],
      [`ballast.${toAccountKey('targets', { account, chainId: localChainId })}`, toSavedTargets(weights)],
    ] as const)
    await use(await takeLedger(devnet, account))
  },
})

/** Opens the plan at once. */
export async function openPlan(app: AppDriver): Promise<void> {
  await app.open('/rebalance/')
  await expect(app.legs).toBeVisible()
}

/** Opens the plan at once, and its review. */
export async function openReview(app: AppDriver): Promise<void> {
  await openPlan(app)
  await app.review()
}
