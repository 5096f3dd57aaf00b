import { test as base, expect } from 'playwright/test'
import { localChainId } from '@/lib/chain/deployments/local'
import { type FaultyRpc, startFaultyRpc } from '@/lib/testing/faultyRpc'
import { type Devnet, startDevnet } from '../devnet/startDevnet'
import { startServer } from '../scripts/serve.mjs'
import { type AppDriver, driveApp } from './driver'
import { type PageProblems, watchForProblems } from './pageProblems'
import { installWallet } from './wallet/installWallet'
import { type BatchSupport, createTestWallet, type TestWallet } from './wallet/testWallet'
import { allowedMethods } from './wallet/walletMethods'

/** The build that is tested: `out/`, unless the environment names another folder. */
export const buildFolder = process.env.BALLAST_E2E_OUT

type Site = {
  readonly url: string
  /** The same build, told of two endpoints: `rpc` first, then `spareRpc`. */
  readonly urlWithSpare: string
  /** The endpoint of the pages. */
  readonly rpc: FaultyRpc
  readonly spareRpc: FaultyRpc
  /** Stands before the chain too, for wallets whose own node fails: `wallet.changeSilently({ rpcUrl })`. */
  readonly walletRpc: FaultyRpc
}

type WorkerFixtures = {
  /** The build, served once for all tests of a worker, and the endpoints that it talks to. */
  readonly site: Site
}

type TestFixtures = {
  /** Whether the test wallet batches, as MetaMask does on the chains that it knows. */
  readonly batches: BatchSupport
  /** Whether there is a wallet in the browser at all. */
  readonly isWalletPresent: boolean
  /** Whether the pages know a second endpoint. */
  readonly isSpareKnown: boolean
  /** A chain of the test's own. */
  readonly devnet: Devnet
  readonly wallet: TestWallet
  /** What went wrong in the pages. A test that does nothing about it fails when there is something. */
  readonly problems: PageProblems
  readonly app: AppDriver
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  batches: ['offered', { option: true }],
  isWalletPresent: [true, { option: true }],
  isSpareKnown: [false, { option: true }],
  contextOptions: { reducedMotion: 'reduce' },
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern.
    async ({}, use) => {
      const [rpc, spareRpc, walletRpc] = await Promise.all([startFaultyRpc(), startFaultyRpc(), startFaultyRpc()])
      const serve = (rpcUrls: readonly string[]) =>
        startServer({
          ...(buildFolder === undefined ? {} : { folder: buildFolder }),
          runtimeConfig: { version: 1, chains: [{ chainId: localChainId, rpcUrls }] },
        })
      const servers = [await serve([rpc.url]), await serve([rpc.url, spareRpc.url])] as const
      await use({ url: servers[0].url, urlWithSpare: servers[1].url, rpc, spareRpc, walletRpc })
      await Promise.all([...servers, rpc, spareRpc, walletRpc].map((started) => started.stop()))
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site, isSpareKnown }, use) => use(isSpareKnown ? site.urlWithSpare : site.url),
  devnet: async ({ site }, use) => {
    const devnet = await startDevnet()
    const proxies = [site.rpc, site.spareRpc, site.walletRpc]
    for (const proxy of proxies) proxy.connectTo(devnet.rpcUrl)
    await use(devnet)
    for (const proxy of proxies) proxy.connectTo(undefined)
    await devnet.stop()
  },
  wallet: async ({ devnet, batches }, use) => {
    const { users, emptyHanded } = devnet.accounts
    const wallet = createTestWallet({ rpcUrl: devnet.rpcUrl, accounts: [...users.slice(1), emptyHanded], batches })
    await use(wallet)
  },
  problems: async ({ context, site, isSpareKnown }, use) => {
    const origins = isSpareKnown ? [site.urlWithSpare, site.rpc.url, site.spareRpc.url] : [site.url, site.rpc.url]
    const problems = await watchForProblems(context, { origins })
    await use(problems)
    expect(problems.list(), 'errors, requests to strangers and policy violations').toEqual([])
  },
  page: async ({ context, problems: _watched, wallet, isWalletPresent }, use) => {
    if (isWalletPresent) await installWallet(context, wallet)
    const page = await context.newPage()
    await use(page)
    // What is still under way when a test ends is not a problem of the page.
    await Promise.all(context.pages().map((each) => each.close()))
    const strange = wallet.requests.map(({ method }) => method).filter((method) => !allowedMethods.has(method))
    expect(strange, 'methods that no page may ask a wallet for').toEqual([])
  },
  app: async ({ page }, use) => use(driveApp(page)),
})

export { expect }
