import { dealToken } from '../devnet/control/balances'
import { warp } from '../devnet/control/time'
import { localAsset } from '../devnet/pools'
import { expect, test } from './fixtures'
import { readGasPaid } from './ledger'
import { letFeedFollow, makeDearer } from './marketMoves'
import { expectNothingLost, takeLedger } from './oracle'

/** Where a rebalance ends that cost no more than its pools and its slippage. */
const rebalanced = { screen: 'Receipt', lossBps: 60n } as const

test.describe('F-31: what happens between the signature and its block', () => {
  const movedBps = 500
  const cases = [
    { name: 'the pools moved by 5 %', movedBps, lateSeconds: 0, says: /moved past your minimum|TooLittleReceived/ },
    { name: 'the deadline passed', movedBps: 0, lateSeconds: 700, says: /deadline had passed|DeadlinePassed/ },
    { name: 'both', movedBps, lateSeconds: 700, says: /deadline had passed|DeadlinePassed/ },
  ]
  for (const { name, movedBps, lateSeconds, says } of cases) {
    test(`error: reverted: ${name}: gas is gone and nothing else`, async ({ app, devnet, problems, wallet }) => {
      await app.beginReview()
      const before = await takeLedger(devnet, wallet.account())
      const prompt = wallet.holdNext()
      await app.sign()
      await prompt.shown
      if (movedBps > 0) await makeDearer(devnet, 'LINK', movedBps)
      if (lateSeconds > 0) await warp(devnet, lateSeconds)
      prompt.approve()
      await expect(app.errorCode('reverted')).toHaveRole('alert')
      await expect(app.errorCode('reverted')).toContainText('Nothing was traded')
      await expect(app.errorCode('reverted')).toContainText(says)
      expect(await readGasPaid(devnet, wallet.account(), before.ledger.blockNumber)).toBeGreaterThan(0n)
      await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'reverted' })

      if (movedBps > 0) await letFeedFollow(devnet, 'LINK', movedBps)
      await app.button('Plan again').click()
      await expect(app.legs).toBeVisible()
      await app.review()
      await app.sign()
      await app.expectRebalanced()
    })
  }
})

test('behaviour: a pool that moved is reviewed again before anything is asked', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  const before = await takeLedger(devnet, wallet.account())
  await app.beginReview()
  await makeDearer(devnet, 'LINK', 30)
  await app.sign()
  await expect(app.errorCode('quoteMoved')).toHaveRole('alert')
  expect(wallet.sendRequests()).toEqual([])
  await expect(app.button('Sign and send')).toBeEnabled()
  await app.sign()
  await app.expectRebalanced()
  await expectNothingLost({ app, problems, before }, rebalanced)
})

test('behaviour: a balance that changed is reviewed again before anything is asked', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  await app.beginReview()
  const { address: token } = localAsset('USDT').poolToken
  await dealToken(devnet, { token, account: wallet.account(), amount: 5_000n * 10n ** 6n })
  const before = await takeLedger(devnet, wallet.account())
  await app.sign()
  await expect(app.errorCode('balanceChanged')).toHaveRole('alert')
  expect(wallet.sendRequests()).toEqual([])
  await expect(app.button('Sign and send')).toBeEnabled()
  await app.sign()
  await app.expectRebalanced()
  await expectNothingLost({ app, problems, before }, rebalanced)
})

test('F-29: behaviour: a batch that the wallet no longer takes goes out in the other way', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  const before = await takeLedger(devnet, wallet.account())
  await app.beginReview()
  wallet.setBatches('absent')
  await app.sign()
  await expect(app.errorCode('batchUnsupported')).toHaveRole('alert')
  expect(wallet.signatures()).toHaveLength(0)
  await app.button('Use approvals and one swap').click()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
  await expectNothingLost({ app, problems, before }, rebalanced)
})

test('F-15: behaviour: several clicks are one request', async ({ app, devnet, problems, wallet }) => {
  const before = await takeLedger(devnet, wallet.account())
  await app.beginReview()
  const prompt = wallet.holdNext()
  await app.button('Sign and send').dblclick()
  await prompt.shown
  prompt.approve()
  await app.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
  await expectNothingLost({ app, problems, before }, rebalanced)
})
