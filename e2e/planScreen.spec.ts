import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Page } from 'playwright/test'
import { encodeFunctionData, maxUint256 } from 'viem'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Address } from '@/lib/core/units'
import { asAccount, dealToken } from '../devnet/control/balances'
import { localAsset } from '../devnet/pools'
import { startPrice } from '../devnet/prices'
import { sendTransactions } from '../devnet/transactions'
import { root } from '../scripts/paths.mjs'
import { usualTargets } from './driver'
import { expect, test } from './fixtures'
import { readLedger } from './ledger'
import { makeDearer } from './marketMoves'

const run = promisify(execFile)

/** What the command line says of a file, by a process of its own. */
async function verifyFile(path: string): Promise<{ readonly status: string }> {
  const { stdout } = await run(process.execPath, ['scripts/run.mjs', 'cli/main.ts', 'verify', path], { cwd: root })
  return JSON.parse(stdout) as { readonly status: string }
}

/** Lets the planner's thread fail at jobs of these kinds, until they are told anew. */
async function breakPlanner(page: Page, kinds: readonly string[]): Promise<() => Promise<void>> {
  await page.addInitScript((broken) => {
    const state = window as unknown as { brokenJobs: readonly string[] }
    state.brokenJobs = broken
    const post = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (this: Worker, ...message: [{ kind: string; id: number }]) {
      const [{ kind, id }] = message
      if (!state.brokenJobs.includes(kind)) return post.apply(this, message)
      const data = { kind: 'failed', id, name: 'RangeError', message: 'out of its depth' }
      setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data })))
    }
  }, kinds)
  return () =>
    page.evaluate(() => {
      ;(window as unknown as { brokenJobs: readonly string[] }).brokenJobs = []
    })
}

test.describe('a planner that fails', () => {
  test('error: plannerFailed: there is no plan, and another try makes it', async ({ app, page }) => {
    const mend = await breakPlanner(page, ['plan'])
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.button('Plan rebalance').click()
    await expect(app.errorCode('plannerFailed')).toHaveRole('alert')
    await expect(app.errorCode('plannerFailed')).toContainText('out of its depth')
    await expect(app.button('Review')).toBeHidden()
    await mend()
    await app.button('Plan again').click()
    await app.review()
  })

  test('error: frontierFailed, exportFailed: the plan stands', async ({ app, page, wallet }) => {
    const mend = await breakPlanner(page, ['frontier', 'export'])
    await app.beginPlan()
    await expect(app.errorCode('frontierFailed')).toContainText('The plan on this screen is not affected')
    await app.explain()
    await app.button('Export plan').click()
    await expect(app.errorCode('exportFailed')).toHaveRole('alert')
    await expect(app.errorCode('exportFailed')).toContainText('out of its depth')
    await expect(app.legs).toBeVisible()
    await mend()
    const { name } = await app.download('Export plan')
    expect(name).toMatch(/\.json$/)
    await expect(app.errorCode('exportFailed')).toBeHidden()
    await expect(app.frontier).toBeVisible()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    expect(wallet.signatures()).toHaveLength(1)
  })
})

test.describe('fewer trades', () => {
  test('behaviour: chosen by keyboard, kept over fresh quotes, and signed', async ({ app, devnet, page, wallet }) => {
    await app.beginPlan()
    const legs = app.legs.getByRole('listitem')
    const most = await legs.count()
    await app.frontier.scrollIntoViewIfNeeded()
    await expect(app.frontier).toHaveAttribute('aria-valuetext', new RegExp(`^${most} trades, costs \\$`))
    await app.frontier.focus()
    await page.keyboard.press('ArrowLeft')
    await expect(app.frontier).not.toHaveValue(String(most))
    const chosen = Number(await app.frontier.inputValue())
    expect(chosen).toBeLessThan(most)
    await expect(legs).toHaveCount(chosen)
    await expect(app.frontier).toHaveAttribute('aria-valuetext', new RegExp(`^${chosen} trades?, costs .* of drift$`))
    await expect(app.frontier).toBeFocused()

    await makeDearer(devnet, 'LINK', 20)
    await app.button('Refresh').click()
    await expect(app.main.getByRole('note').filter({ hasText: 'Planned again at block' })).toBeVisible()
    expect(await legs.count()).toBeLessThanOrEqual(chosen)

    await page.keyboard.press('Home')
    const fewest = Number(await app.frontier.inputValue())
    await expect(legs).toHaveCount(fewest)
    await app.review()
    await app.button('Back to the plan').click()
    await expect(legs).toHaveCount(fewest)
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    await expect(app.main.getByRole('list', { name: 'Executed legs' }).getByRole('listitem')).toHaveCount(fewest)
    expect(wallet.signatures()).toHaveLength(1)
  })

  test('behaviour: the planner’s choice comes back', async ({ app }) => {
    await app.beginPlan()
    const legs = app.legs.getByRole('listitem')
    const most = await legs.count()
    await app.frontier.press('Home')
    await expect(legs).not.toHaveCount(most)
    await app.button('Back to the planner’s choice').click()
    await expect(legs).toHaveCount(most)
    await expect(app.frontier).toHaveValue(String(most))
  })
})

test('behaviour: a plan is exported, and the command line finds it true', async ({ app }) => {
  await app.beginPlan()
  const { name, path } = await app.download('Export plan')
  expect(name).toMatch(/^ballast-plan-31337-\d+\.json$/)
  expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('problem')
  expect(await verifyFile(path)).toMatchObject({ status: 'verified' })
})

test('behaviour: what routers and Permit2 may still take is listed, and revoked', async ({ app, devnet, wallet }) => {
  const account = wallet.account()
  const before = await readLedger(devnet, account)
  const { permit2, swapRouter02, universalRouter } = localDeployment.contracts
  const [usdc, link] = [localAsset('USDC').poolToken.address, localAsset('LINK').poolToken.address]
  const approve = (spender: Address, amount: bigint) =>
    encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  const grant = encodeFunctionData({
    abi: permit2Abi,
    functionName: 'approve',
    args: [usdc, universalRouter, 5_000_000n, 4_000_000_000],
  })
  await asAccount(devnet, account, () =>
    sendTransactions(devnet.rpcUrl, {
      from: account,
      transactions: [
        { to: usdc, data: approve(permit2, maxUint256) },
        { to: permit2, data: grant },
        { to: link, data: approve(swapRouter02, 12n * 10n ** 18n) },
      ],
    }),
  )
  await app.beginPlan()
  const allowances = app.main.getByRole('list', { name: 'Allowances' })
  await expect(allowances.getByRole('listitem')).toHaveText([
    /Unlimited USDC.*Permit2/,
    /5.USDC.*Uniswap Universal Router, through Permit2, until 2096/,
    /12.LINK.*Uniswap SwapRouter02/,
  ])
  for (const left of [2, 1]) {
    await allowances
      .getByRole('button', { name: /^Revoke / })
      .first()
      .click()
    await expect(allowances.getByRole('listitem')).toHaveCount(left)
  }
  await allowances.getByRole('button', { name: 'Revoke LINK from Uniswap SwapRouter02' }).click()
  await expect(allowances).toBeHidden()
  expect((await readLedger(devnet, account)).allowances).toEqual(before.allowances)
})

test('behaviour: what does not fit into one batch is done in parts', async ({ app, devnet, wallet }) => {
  const account = wallet.account()
  const sold = localDeployment.assets.filter(({ id }) => id !== 'ETH')
  for (const { id, decimals, poolToken } of sold) {
    const amount = (BigInt(Math.round((4_000 / startPrice(id)) * 1e6)) * 10n ** BigInt(decimals)) / 1_000_000n
    await dealToken(devnet, { token: poolToken.address, account, amount })
  }
  await dealToken(devnet, { token: nativeAddress, account, amount: 12n * 10n ** 18n })
  const before = await readLedger(devnet, account)
  await app.beginPlan({ ETH: '100' })
  await expect(app.errorCode('planPart')).toContainText('Part 1 of 2: your wallet takes at most 10 calls in one batch')
  await expect(app.main.getByRole('list', { name: 'Not traded' })).toContainText('Left for a second part')
  await app.review()
  await app.sign()
  await app.expectRebalanced()
  await app.button('Plan part 2').click()
  await expect(app.legs).toBeVisible()
  await expect(app.errorCode('planPart')).toBeHidden()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
  const after = await readLedger(devnet, account)
  for (const { poolToken } of sold) expect(after.balances[poolToken.symbol], poolToken.symbol).toBe(0n)
  expect(after.allowances).toEqual(before.allowances)
  expect(wallet.signatures()).toHaveLength(2)
})
