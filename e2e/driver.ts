import { expect, type Locator, type Page } from 'playwright/test'
import { parseUnits } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { walletName } from './wallet/pageProvider'

/** Target weights in percent, by the symbol of the asset. */
export type WantedWeights = Readonly<Record<string, string>>

/** Gives every held asset of the seeded portfolio something to do: three are sold off in part, one is new, one goes. */
export const usualTargets: WantedWeights = {
  ETH: '35',
  WBTC: '20',
  USDC: '15',
  LINK: '10',
  UNI: '5',
  AAVE: '8',
  MKR: '7',
}

/** The app as a person uses it: by the names that are read out. */
export type AppDriver = {
  readonly page: Page
  readonly main: Locator
  readonly status: Locator
  readonly legs: Locator
  readonly targetsDialog: Locator
  /** What is held of an asset. */
  holding(symbol: string): Locator
  button(name: string | RegExp): Locator
  errorCode(code: string): Locator
  open(path?: string): Promise<void>
  openDialog(): Promise<Locator>
  connect(wallet?: string): Promise<void>
  expectConnected(): Promise<void>
  openTargets(): Promise<void>
  addAsset(symbol: string): Promise<void>
  setTargets(weights: WantedWeights): Promise<void>
  plan(): Promise<void>
  review(): Promise<void>
  sign(): Promise<void>
  /** From nothing to the plan on the screen. */
  beginPlan(weights?: WantedWeights): Promise<void>
  /** From nothing to the review on the screen. */
  beginReview(weights?: WantedWeights): Promise<void>
  expectRebalanced(): Promise<void>
  /** What the plan on the screen says will change of each asset, to the last digit. */
  readPlannedChanges(): Promise<Readonly<Record<string, bigint>>>
  /** The approvals that the review on the screen names, such as `approve 1.5 LINK to 0x…` and `grant 1.5 LINK to 0x…`. */
  readApprovals(): Promise<readonly string[]>
  /** The slider over plans with fewer trades. */
  readonly frontier: Locator
  /** Opens what proves the plan. */
  explain(): Promise<void>
  /** What is saved when a button is pressed: the file's name, and where it lies. */
  download(name: string): Promise<{ readonly name: string; readonly path: string }>
}

function assetOfSymbol(symbol: string) {
  const asset = localDeployment.assets.find(({ tokens }) => tokens.some((token) => token.symbol === symbol))
  if (asset === undefined) throw new RangeError(`No listed asset has the symbol ${symbol}.`)
  return asset
}

/** `1.5 ETH` as shown in full on hover. */
function parseAmount(text: string): { readonly assetId: string; readonly amount: bigint } {
  const [amount = '', symbol = ''] = text.split('\u00a0')
  const asset = assetOfSymbol(symbol)
  return { assetId: asset.id, amount: parseUnits(amount, asset.decimals) }
}

/** Drives a page. */
export function driveApp(page: Page): AppDriver {
  const main = page.getByRole('main')
  const status = main.getByRole('status')
  const legs = main.getByRole('region', { name: 'Plan' }).getByRole('list', { name: 'Legs' })
  const targetsDialog = page.getByRole('dialog', { name: 'Targets' })
  const button = (name: string | RegExp) => main.getByRole('button', { name, exact: true })

  /** Types the word where a plan's pools are thin or prices move fast. */
  async function acceptDrought(): Promise<void> {
    const word = main.getByRole('textbox', { name: 'Type drought to go on' })
    if (await word.isVisible()) await word.fill('drought')
  }

  return {
    page,
    main,
    status,
    legs,
    targetsDialog,
    holding: (symbol) =>
      main.getByRole('table', { name: 'Holdings' }).getByRole('row', { name: new RegExp(`^${symbol}\\b`) }),
    frontier: main.getByRole('slider', { name: 'Number of trades' }),
    button,
    errorCode: (code) => page.locator(`[data-error-code="${code}"]`),
    async open(path = '/') {
      await page.goto(path)
    },
    async openDialog() {
      await button('Connect wallet').first().click()
      const dialog = page.getByRole('dialog')
      await expect(dialog).toBeVisible()
      return dialog
    },
    async connect(wallet = walletName) {
      const dialog = await this.openDialog()
      // A wallet that was used before is called "Test wallet Recent".
      await dialog.getByRole('button', { name: new RegExp(`^${wallet}`) }).click()
    },
    async expectConnected() {
      await expect(page.getByRole('banner').getByRole('button', { name: /^Account 0x/ })).toBeVisible()
    },
    async openTargets() {
      await button('Edit targets').click()
      await expect(targetsDialog).toBeVisible()
    },
    async addAsset(symbol) {
      const box = targetsDialog.getByRole('combobox', { name: 'Add asset' })
      await box.fill(symbol)
      await box.press('Enter')
      await expect(targetsDialog.getByRole('textbox', { name: `Target for ${symbol}`, exact: true })).toBeVisible()
    },
    async setTargets(weights) {
      await this.openTargets()
      const boxes = targetsDialog.getByRole('textbox', { name: /^Target for / })
      const labels = await boxes.evaluateAll((elements) =>
        elements.map((element) => element.getAttribute('aria-label') ?? ''),
      )
      const present = labels.map((label) => label.replace('Target for ', ''))
      for (const symbol of Object.keys(weights)) if (!present.includes(symbol)) await this.addAsset(symbol)
      for (const symbol of new Set([...present, ...Object.keys(weights)])) {
        const box = targetsDialog.getByRole('textbox', { name: `Target for ${symbol}`, exact: true })
        await box.fill(weights[symbol] ?? '0')
      }
      await targetsDialog.getByRole('button', { name: 'Save targets' }).click()
      await expect(targetsDialog).toBeHidden()
    },
    async plan() {
      await button('Plan rebalance').click()
      await expect(legs).toBeVisible()
    },
    async review() {
      await button('Review').click()
      await expect(main.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible()
      await acceptDrought()
      await expect(button('Sign and send')).toBeEnabled()
    },
    async sign() {
      await acceptDrought()
      await button('Sign and send').click()
    },
    async beginPlan(weights = usualTargets) {
      await this.open()
      await this.connect()
      await this.setTargets(weights)
      await this.plan()
    },
    async beginReview(weights) {
      await this.beginPlan(weights)
      await this.review()
    },
    async expectRebalanced() {
      await expect(status).toHaveText(/Rebalanced$/, { timeout: 30_000 })
      await expect(main.getByRole('heading', { name: 'Receipt', level: 1 })).toBeVisible()
    },
    async readPlannedChanges() {
      const items = await legs.getByRole('listitem').all()
      const changes: Record<string, bigint> = {}
      for (const item of items) {
        const titles = await item
          .locator('p [title]')
          .evaluateAll((elements) => elements.map((element) => element.getAttribute('title') ?? ''))
        const [sell, buy] = titles.map(parseAmount)
        if (sell === undefined || buy === undefined) throw new RangeError('A leg names two amounts.')
        changes[sell.assetId] = (changes[sell.assetId] ?? 0n) - sell.amount
        changes[buy.assetId] = (changes[buy.assetId] ?? 0n) + buy.amount
      }
      // What is only passed through the router comes and goes.
      return Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== 0n))
    },
    async readApprovals() {
      const calls = await main.getByRole('list', { name: 'Approvals' }).getByRole('listitem').all()
      return Promise.all(
        calls.map(async (call) => {
          const text = await call.innerText()
          const amount = (await call.locator('[title]').first().getAttribute('title')) ?? ''
          const [spender] = /0x[0-9a-fA-F]{40}/.exec(text) ?? []
          return `${text.includes('Permit2 lets') ? 'grant' : 'approve'} ${amount.replace('\u00a0', ' ')} to ${spender}`
        }),
      )
    },
    async explain() {
      await button('Why').click()
      await expect(main.getByRole('heading', { name: 'Shadow prices' })).toBeVisible()
    },
    async download(name) {
      const [file] = await Promise.all([page.waitForEvent('download'), button(name).click()])
      return { name: file.suggestedFilename(), path: await file.path() }
    },
  }
}
