import { holdBlocks, releaseBlocks } from './blocks'
import { driveApp, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { expectNothingLost, takeLedger } from './oracle'

/** Where a rebalance ends that cost no more than its pools and its slippage. */
const rebalanced = { screen: 'Receipt', lossBps: 60n } as const

test.describe('F-16: a reload', () => {
  test('behaviour: on the plan comes back to the plan', async ({ app, page }) => {
    await app.beginPlan()
    await page.reload()
    await expect(app.legs).toBeVisible()
    await app.review()
  })

  test('behaviour: while the batch waits for its block it ends as rebalanced', async ({
    app,
    devnet,
    page,
    problems,
    wallet,
  }) => {
    const before = await takeLedger(devnet, wallet.account())
    await app.beginReview()
    await holdBlocks(devnet)
    await app.sign()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    await page.reload()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    await releaseBlocks(devnet)
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
    await expectNothingLost({ app, problems, before }, rebalanced)
  })

  test('behaviour: while the wallet asks finds out from the chain what was signed', async ({
    app,
    devnet,
    page,
    problems,
    wallet,
  }) => {
    const before = await takeLedger(devnet, wallet.account())
    await app.beginReview()
    const prompt = wallet.holdNext()
    await app.sign()
    await prompt.shown
    await page.reload()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('In your wallet')
    prompt.approve()
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
    await expectNothingLost({ app, problems, before }, rebalanced)
  })

  test('behaviour: after the end still shows the receipt', async ({ app, page }) => {
    await app.beginReview()
    await app.sign()
    await app.expectRebalanced()
    await page.reload()
    await app.expectRebalanced()
    await app.button('Done').click()
    await expect(app.main).toContainText('Nothing to trade')
  })

  test.describe('without batches', () => {
    test.use({ batches: 'absent' })

    test('behaviour: between two steps goes on where it was', async ({ app, devnet, page, problems, wallet }) => {
      const before = await takeLedger(devnet, wallet.account())
      await app.beginReview()
      const first = wallet.holdNext()
      await app.sign()
      await first.shown
      const second = wallet.holdNext()
      first.approve()
      await second.shown
      await page.reload()
      second.reject()
      await app.button('Continue').click()
      await app.expectRebalanced()
      await expectNothingLost({ app, problems, before }, rebalanced)
    })
  })
})

test('F-15: behaviour: a second tab follows the first and asks for nothing', async ({ app, context, wallet }) => {
  await app.beginReview()
  const prompt = wallet.holdNext()
  await app.sign()
  await prompt.shown
  const second = driveApp(await context.newPage())
  await second.open('/rebalance/')
  await expect(second.main.getByRole('list', { name: 'Steps' })).toContainText('In your wallet')
  await expect(second.button('Sign and send')).toBeHidden()
  prompt.approve()
  await app.expectRebalanced()
  await second.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
})

test('behaviour: targets are kept for each account', async ({ app, devnet, page, wallet }) => {
  const first = wallet.account()
  const second = devnet.accounts.users[2]?.address ?? first
  await app.open()
  await app.connect()
  await app.setTargets(usualTargets)
  await wallet.selectAccount(second)
  await expect(app.main).toContainText('No targets yet')
  await app.setTargets({ ETH: '60', USDC: '40' })
  await page.reload()
  const row = app.main.getByRole('table', { name: 'Holdings' }).getByRole('row', { name: /^ETH/ })
  await expect(row).toContainText('60.0 %')
  await wallet.selectAccount(first)
  await expect(row).toContainText('35.0 %')
})
