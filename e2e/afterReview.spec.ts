import { dealToken } from '../devnet/control/balances'
import { warp } from '../devnet/control/time'
import { localAsset } from '../devnet/pools'
import { expect, test } from './fixtures'
import { readGasPaid, readLedger } from './ledger'
import { letFeedFollow, makeDearer } from './marketMoves'

test('behaviour: a revert costs gas and nothing else', async ({ app, devnet, wallet }) => {
  await app.beginReview()
  const before = await readLedger(devnet, wallet.account())
  const prompt = wallet.holdNext()
  await app.sign()
  await prompt.shown
  await makeDearer(devnet, 'LINK', 500)
  prompt.approve()
  await expect(app.errorCode('reverted')).toHaveRole('alert')
  await expect(app.errorCode('reverted')).toContainText('Nothing was traded')
  const after = await readLedger(devnet, wallet.account())
  const gasPaid = await readGasPaid(devnet, wallet.account(), before.blockNumber)
  expect(gasPaid).toBeGreaterThan(0n)
  expect(after.balances).toEqual({ ...before.balances, ETH: (before.balances.ETH ?? 0n) - gasPaid })
  expect(after.allowances).toEqual(before.allowances)

  await letFeedFollow(devnet, 'LINK', 500)
  await app.button('Plan again').click()
  await expect(app.legs).toBeVisible()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: past its deadline nothing is traded', async ({ app, devnet, wallet }) => {
  await app.beginReview()
  const before = await readLedger(devnet, wallet.account())
  const prompt = wallet.holdNext()
  await app.sign()
  await prompt.shown
  await warp(devnet, 700)
  prompt.approve()
  await expect(app.errorCode('reverted')).toContainText('Transaction too old')
  const after = await readLedger(devnet, wallet.account())
  expect(after.allowances).toEqual(before.allowances)
  await app.button('Plan again').click()
  await expect(app.legs).toBeVisible()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: a pool that moved is reviewed again before anything is asked', async ({ app, devnet, wallet }) => {
  await app.beginReview()
  await makeDearer(devnet, 'LINK', 30)
  await app.sign()
  await expect(app.errorCode('quoteMoved')).toHaveRole('alert')
  expect(wallet.sendRequests()).toEqual([])
  await expect(app.button('Sign and send')).toBeEnabled()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: a balance that changed is reviewed again before anything is asked', async ({
  app,
  devnet,
  wallet,
}) => {
  await app.beginReview()
  const { address: token } = localAsset('USDT').poolToken
  await dealToken(devnet, { token, account: wallet.account(), amount: 5_000n * 10n ** 6n })
  await app.sign()
  await expect(app.errorCode('balanceChanged')).toHaveRole('alert')
  expect(wallet.sendRequests()).toEqual([])
  await expect(app.button('Sign and send')).toBeEnabled()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: a batch that the wallet no longer takes goes out in the other way', async ({ app, wallet }) => {
  await app.beginReview()
  wallet.setBatches('absent')
  await app.sign()
  await expect(app.errorCode('batchUnsupported')).toHaveRole('alert')
  expect(wallet.signatures()).toHaveLength(0)
  await app.button('Use approvals and one swap').click()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: several clicks are one request', async ({ app, wallet }) => {
  await app.beginReview()
  const prompt = wallet.holdNext()
  await app.button('Sign and send').dblclick()
  await prompt.shown
  prompt.approve()
  await app.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
})
