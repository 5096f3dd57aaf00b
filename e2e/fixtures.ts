import { test as base, expect } from 'playwright/test'
import { localChainId } from '@/lib/chain/deployments/local'
import { type Devnet, startDevnet } from '../devnet/startDevnet'
import { startServer } from '../scripts/serve.mjs'
import { type AppDriver, driveApp } from './driver'
import { type PageProblems, watchForProblems } from './pageProblems'
import { type RpcGateway, startRpcGateway } from './rpcGateway'
import { installWallet } from './wallet/installWallet'
import { type BatchSupport, createTestWallet, type TestWallet } from './wallet/testWallet'
import { allowedMethods } from './wallet/walletMethods'

/** The build that is tested: `out/`, unless the environment names another folder. */
export const buildFolder = process.env.BALLAST_E2E_OUT

type Site = { readonly url: string; readonly gateway: RpcGateway }

type WorkerFixtures = {
  /** The build, served once for all tests of a worker, and the endpoint that it talks to. */
  readonly site: Site
}

type TestFixtures = {
  /** Whether the test wallet batches, as MetaMask does on the chains that it knows. */
  readonly batches: BatchSupport
  /** Whether there is a wallet in the browser at all. */
  readonly isWalletPresent: boolean
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
  contextOptions: { reducedMotion: 'reduce' },
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern.
    async ({}, use) => {
      const gateway = await startRpcGateway()
      const server = await startServer({
        ...(buildFolder === undefined ? {} : { folder: buildFolder }),
        runtimeConfig: { version: 1, chains: [{ chainId: localChainId, rpcUrls: [gateway.url] }] },
      })
      await use({ url: server.url, gateway })
      await server.stop()
      await gateway.stop()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  devnet: async ({ site }, use) => {
    const devnet = await startDevnet()
    site.gateway.connectTo(devnet.rpcUrl)
    await use(devnet)
    site.gateway.connectTo(undefined)
    await devnet.stop()
  },
  wallet: async ({ devnet, batches }, use) => {
    const { users, emptyHanded } = devnet.accounts
    const wallet = createTestWallet({ rpcUrl: devnet.rpcUrl, accounts: [...users.slice(1), emptyHanded], batches })
    await use(wallet)
  },
  problems: async ({ context, site }, use) => {
    const problems = await watchForProblems(context, { origins: [site.url, site.gateway.url] })
    await use(problems)
    expect(problems.list(), 'errors, requests to strangers and policy violations').toEqual([])
  },
  page: async ({ context, problems: _watched, wallet, isWalletPresent }, use) => {
    if (isWalletPresent) await installWallet(context, wallet)
    const page = await context.newPage()
    await use(page)
    // What is still under way when a test ends is not a problem of the page.
    await page.close()
    const strange = wallet.requests.map(({ method }) => method).filter((method) => !allowedMethods.has(method))
    expect(strange, 'methods that no page may ask a wallet for').toEqual([])
  },
  app: async ({ page }, use) => use(driveApp(page)),
})

export { expect }
