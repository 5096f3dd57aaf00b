import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright/test'
import { type Address, encodeFunctionData, parseUnits } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { erc20Abi } from '../devnet/abis'
import { asAccount, erc20Allowance } from '../devnet/control/balances'
import { sendRpc } from '../devnet/rpc'
import type { Devnet } from '../devnet/startDevnet'
import { type AppDriver, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { measureChanges, readGasPaid, readLedger, readWeights } from './ledger'

const { swapRouter02, permit2 } = localDeployment.contracts

/** What the exported JSON says of one rebalance, as far as the tests look at it. */
type FileReceipt = {
  readonly txHash: string
  readonly latencyBlocks: string
  readonly legs: readonly { readonly received: string }[]
  readonly spendings: readonly { readonly asset: string; readonly amount: string }[]
  readonly purchases: readonly { readonly asset: string; readonly received: string; readonly minimum: string }[]
  readonly gas: { readonly native: string }
}

/** The account that the test wallet names first. */
function accountOf({ accounts }: Devnet) {
  const [, account] = accounts.users
  if (account === undefined) throw new RangeError('The chain has users.')
  return account.address
}

const decimalsOf = (symbol: string) => localDeployment.assets.find(({ id }) => id === symbol)?.decimals ?? 0

async function openActivity({ page, main }: AppDriver): Promise<Locator> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Activity' }).click()
  await expect(main.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
  return main.getByRole('list', { name: 'Receipts' }).getByRole('article')
}

async function readJson(app: AppDriver): Promise<readonly FileReceipt[]> {
  const { path } = await app.download('Export JSON')
  const file = JSON.parse(await readFile(path, 'utf8')) as { readonly receipts: readonly FileReceipt[] }
  return file.receipts
}

async function expectAccessible(page: Page, place: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-rk] [role="img"]').analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(found, place).toEqual([])
}

async function expectNoSidewaysScroll(page: Page, place: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow, `${place} is wider than the screen`).toBeLessThanOrEqual(0)
}

async function allow(
  devnet: Devnet,
  grant: { readonly owner: Address; readonly token: Address; readonly spender: Address; readonly amount: bigint },
): Promise<void> {
  const { owner, token, spender, amount } = grant
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  await asAccount(devnet, owner, async () => {
    await sendRpc(devnet.rpcUrl, 'eth_sendTransaction', [{ from: owner, to: token, data }])
    await sendRpc(devnet.rpcUrl, 'evm_mine', [])
  })
}

test('behaviour: a rebalance leaves one receipt that says what the chain says, and exports it', async ({
  app,
  devnet,
  page,
}) => {
  const account = accountOf(devnet)
  const before = await readLedger(devnet, account)
  await app.beginReview()
  await app.sign()
  await app.expectRebalanced()
  const after = await readLedger(devnet, account)
  const gasPaid = await readGasPaid(devnet, account, before.blockNumber)
  const changes = measureChanges(before, after, gasPaid)

  const receipts = await openActivity(app)
  await expect(receipts).toHaveCount(1)
  await expect(receipts).toContainText(/included|final/)
  await page.reload()
  await expect(receipts).toHaveCount(1)

  const [receipt, ...others] = await readJson(app)
  expect(others).toEqual([])
  if (receipt === undefined) throw new RangeError('A receipt was exported.')
  const said = Object.fromEntries([
    ...receipt.spendings.map(({ asset, amount }) => [asset, -parseUnits(amount, decimalsOf(asset))]),
    ...receipt.purchases.map(({ asset, received }) => [asset, parseUnits(received, decimalsOf(asset))]),
  ])
  expect(said).toEqual(changes)
  expect(parseUnits(receipt.gas.native, 18)).toBe(gasPaid)

  const { path, name } = await app.download('Export CSV')
  expect(name).toMatch(/^ballast-activity-31337-\d{4}-\d{2}-\d{2}\.csv$/)
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(1 + receipt.legs.length)
  expect(lines.slice(1).every((line) => line.includes(receipt.txHash))).toBe(true)

  await receipts.getByRole('button', { name: 'Details' }).click()
  await expect(receipts.getByRole('list', { name: 'Legs' }).getByRole('listitem')).toHaveCount(receipt.legs.length)
  await expectAccessible(page, 'activity with details')
})

test('behaviour: the way back shows both costs first and leads to the weights before, saved targets untouched', async ({
  app,
  devnet,
  page,
  wallet,
}) => {
  const account = accountOf(devnet)
  const before = await readWeights(devnet, account)
  await app.beginReview()
  await app.sign()
  await app.expectRebalanced()

  // The receipt was not put away: the way back does it.
  const receipts = await openActivity(app)
  await receipts.getByRole('button', { name: 'Undo this rebalance' }).click()
  const dialog = page.getByRole('dialog', { name: 'Undo this rebalance' })
  await expect(dialog).toContainText('There and back')
  await expect(dialog).toContainText('This rebalance, as measured')
  await expect(dialog).toContainText('Going back, at the quotes of block')
  await expectAccessible(page, 'undo')
  expect(wallet.sendRequests()).toHaveLength(1)
  await dialog.getByRole('link', { name: 'Plan the way back' }).click()

  await expect(app.errorCode('undo')).toContainText('Your saved targets stay as they are')
  await expect(app.legs).toBeVisible()
  await page.reload()
  await expect(app.errorCode('undo')).toBeVisible()
  await expect(app.legs).toBeVisible()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
  const weights = await readWeights(devnet, account)
  for (const [symbol, weight] of Object.entries(weights)) {
    expect(Math.abs(weight - (before[symbol] ?? 0)), `${symbol}: ${weight.toFixed(3)} %`).toBeLessThanOrEqual(0.5)
  }
  await app.button('Done').click()
  await expect(app.errorCode('undo')).toBeHidden()
  expect(new URL(page.url()).hash).toBe('')
  // The saved targets count again: from here they are a rebalance away.
  await expect(app.legs).toBeVisible()

  await openActivity(app)
  await expect(receipts).toHaveCount(2)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Portfolio' }).click()
  await app.openTargets()
  for (const [symbol, weight] of Object.entries(usualTargets)) {
    await expect(app.targetsDialog.getByRole('textbox', { name: `Target for ${symbol}`, exact: true })).toHaveValue(
      weight,
    )
  }
})

test('behaviour: a link to a receipt that is not here plans to the saved targets and says so', async ({
  app,
  page,
}) => {
  await app.beginPlan()
  await page.goto('about:blank')
  await page.goto(`/rebalance/#undo=0x${'ab'.repeat(32)}`)
  await expect(app.errorCode('undoNotFound')).toBeVisible()
  await expect(app.legs).toBeVisible()
  await app.button('Use my targets').click()
  await expect(app.errorCode('undoNotFound')).toBeHidden()
  await expect(app.legs).toBeVisible()
})

test('behaviour: allowances are lowered to what the plan needs, and revoked', async ({ app, devnet }) => {
  const owner = accountOf(devnet)
  const token = localDeployment.assets.find(({ id }) => id === 'WBTC')?.poolToken.address
  if (token === undefined) throw new RangeError('WBTC is listed.')
  const unlimited = 2n ** 256n - 1n
  await allow(devnet, { owner, token, spender: swapRouter02, amount: unlimited })
  await allow(devnet, { owner, token, spender: permit2, amount: unlimited })
  await app.beginPlan()
  await openActivity(app)
  const panel = app.main.getByRole('region', { name: 'Allowances' })
  await expect(panel.getByRole('listitem')).toHaveCount(2)
  await expect(panel).toContainText('Unlimited WBTC')
  const lower = panel.getByRole('button', { name: /^Lower to/ })
  await expect(lower).toHaveCount(1)
  await lower.click()
  await expect(panel.getByRole('listitem').filter({ hasText: 'Unlimited WBTC' })).toHaveCount(1)
  // The router of the plan decides which of the two it needs.
  const read = () =>
    Promise.all([swapRouter02, permit2].map((spender) => erc20Allowance(devnet, { token, owner, spender })))
  const [lowered, ...others] = (await read()).sort((a, b) => (a < b ? -1 : 1))
  expect(others).toEqual([unlimited])
  expect(lowered).toBeGreaterThan(0n)
  expect(lowered).toBeLessThan(parseUnits('100', 8))
  await panel.getByRole('button', { name: 'Revoke WBTC from Permit2' }).click()
  await expect(panel.getByRole('listitem')).toHaveCount(1)
  await panel.getByRole('button', { name: 'Revoke WBTC from Uniswap SwapRouter02' }).click()
  await expect(panel).toContainText('None.')
  expect(await read()).toEqual([0n, 0n])
})

test('behaviour: a damaged receipt leaves the others, and a dead node leaves them all', async ({
  app,
  page,
  problems,
  site,
}) => {
  await app.beginReview()
  await app.sign()
  await app.expectRebalanced()
  const receipts = await openActivity(app)
  await expect(receipts).toHaveCount(1)
  await page.evaluate(() => {
    const [key] = Object.keys(localStorage).filter((name) => name.startsWith('ballast.activity.'))
    if (key !== undefined) localStorage.setItem(key.replace(/0x[0-9a-f]{64}$/, `0x${'1'.repeat(64)}`), '{"version":1')
  })
  await page.reload()
  await expect(app.errorCode('receiptsDamaged')).toBeVisible()
  await expect(receipts).toHaveCount(1)
  problems.allow(/status of 503/)
  site.rpc.setRules([{ action: { kind: 'status', status: 503 } }])
  await page.reload()
  await expect(receipts).toHaveCount(1)
  await expect(app.main.getByRole('alert')).toContainText('cannot be read', { timeout: 30_000 })
  await expect(receipts).toContainText('recorded')
  site.rpc.setRules([])
  await app.main.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
  await expect(receipts).toContainText(/included|final/)
})

test.describe('on a narrow phone', () => {
  test.use({ viewport: { width: 360, height: 740 } })

  test('behaviour: empty, then with a receipt, nothing is wider than the screen', async ({ app, page }) => {
    await app.open('/activity/')
    await expect(app.main).toContainText('Receipts belong to an account')
    await expectNoSidewaysScroll(page, 'activity of nobody')
    await app.open()
    await app.connect()
    await app.expectConnected()
    const receipts = await openActivity(app)
    await expect(app.main).toContainText('No rebalance yet on this device')
    await expectNoSidewaysScroll(page, 'empty activity')
    await expectAccessible(page, 'empty activity')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Portfolio' }).click()
    await app.setTargets(usualTargets)
    await app.plan()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    await openActivity(app)
    await receipts.getByRole('button', { name: 'Details' }).click()
    await expect(receipts.getByRole('list', { name: 'Legs' })).toBeVisible()
    await expectNoSidewaysScroll(page, 'activity')
    await receipts.getByRole('button', { name: 'Undo this rebalance' }).click()
    await expect(page.getByRole('dialog', { name: 'Undo this rebalance' })).toContainText('There and back')
    await expectNoSidewaysScroll(page, 'undo')
  })
})
