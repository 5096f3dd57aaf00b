import { setDelegation } from '../devnet/control/delegation'
import { startDevnet } from '../devnet/startDevnet'
import { usualTargets } from './driver'
import { expect, test } from './fixtures'
import { readLedger } from './ledger'
import { expectNothingLost, takeLedger } from './oracle'

test.describe('rejecting', () => {
  test('default', async ({ app, devnet, problems, wallet }) => {
    await app.beginReview()
    const before = await takeLedger(devnet, wallet.account())
    wallet.rejectNext()
    await app.sign()
    await expect(app.errorCode('rejected')).toContainText('You cancelled. Nothing was sent.')
    await expect(app.main.getByRole('alert')).toHaveCount(0)
    await expect(app.status).toHaveText('You cancelled. Nothing was sent.')
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Review', code: 'rejected', afterReload: { screen: 'Rebalance' } },
    )
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    expect(wallet.signatures()).toHaveLength(2)
  })

  test('behaviour: connecting can be declined and tried again', async ({ app, wallet }) => {
    await app.open()
    const prompt = wallet.holdNext()
    await app.connect()
    // The dialog forgets a refusal that comes before it has said what it waits for; no person is that quick.
    await expect(app.page.getByRole('dialog')).toContainText('Confirm connection')
    prompt.reject()
    await expect(app.page.getByRole('dialog')).toContainText(/cancel|reject|retry/i)
    await app.page.keyboard.press('Escape')
    await expect(app.page.getByRole('dialog')).toBeHidden()
    await app.openDialog()
    // The dialog draws its list anew while it opens: a click in that moment may meet nothing.
    await expect(async () => {
      await app.page.getByRole('dialog').getByRole('button', { name: 'Test wallet' }).click({ timeout: 1_000 })
      await expect(app.main.getByRole('table', { name: 'Holdings' })).toBeVisible({ timeout: 5_000 })
    }).toPass({ timeout: 20_000 })
  })

  test.describe('without batches', () => {
    test.use({ batches: 'absent' })

    test('F-18: the approvals that were made are kept and named', async ({ app, devnet, problems, wallet }) => {
      await app.beginReview()
      const before = await takeLedger(devnet, wallet.account())
      const second = wallet.holdNext()
      await app.sign()
      await second.shown
      second.approve()
      wallet.rejectNext()
      await expect(app.errorCode('rejected')).toContainText('One approval was made')
      await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Cancelled')
      const { allowances, nonce } = await readLedger(devnet, wallet.account())
      expect(nonce).toBe(before.ledger.nonce + 1)
      const made = Object.entries(allowances).filter(([name, allowed]) => allowed !== before.ledger.allowances[name])
      expect(made).toHaveLength(1)
      await expectNothingLost(
        { app, problems, before },
        { screen: 'Signing', code: 'rejected', leftovers: Object.fromEntries(made) },
      )
      await app.button('Continue').click()
      await app.expectRebalanced()
      await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps: 100n })
    })

    test('behaviour: an approval that is left over can be revoked', async ({ app, devnet, wallet }) => {
      await app.beginReview()
      const before = await readLedger(devnet, wallet.account())
      const first = wallet.holdNext()
      await app.sign()
      await first.shown
      first.approve()
      wallet.rejectNext()
      await app.button('Stop here').click()
      const allowances = app.main.getByRole('list', { name: 'Allowances' })
      await expect(allowances.getByRole('listitem')).toHaveCount(1)
      await allowances.getByRole('button', { name: /^Revoke / }).click()
      await expect(allowances).toBeHidden()
      const after = await readLedger(devnet, wallet.account())
      expect(after.allowances).toEqual(before.allowances)
    })
  })
})

test.describe('the wrong chain', () => {
  test('default', async ({ app, wallet }) => {
    await wallet.selectChain(1)
    await app.open()
    await app.connect()
    await expect(app.errorCode('wrong-chain')).toBeVisible()
    await app.button('Switch to Local chain').click()
    await expect(app.errorCode('wrong-chain')).toBeHidden()
    await app.setTargets(usualTargets)
    await app.plan()
    expect(wallet.shown.map(({ kind }) => kind)).toContain('switchChain')
  })

  test('F-11: at the review the button switches back', async ({ app, wallet }) => {
    await app.beginReview()
    await wallet.selectChain(1)
    await app.button('Switch to Local chain').click()
    await expect(app.button('Sign and send')).toBeEnabled()
    expect(wallet.sendRequests()).toEqual([])
    await app.sign()
    await app.expectRebalanced()
  })

  test('behaviour: a wallet that will not switch', async ({ app, wallet }) => {
    await app.beginPlan()
    await wallet.selectChain(1)
    wallet.rejectNext()
    await app.button('Switch to Local chain').click()
    await expect(app.main.getByRole('alert')).toContainText('Choose Local chain in the wallet itself')
    await wallet.selectChain(31337)
    await app.review()
  })

  test('F-11: a wallet that says nothing of its other chain is asked before it gets anything', async ({
    app,
    devnet,
    wallet,
  }) => {
    await app.beginReview()
    const before = await readLedger(devnet, wallet.account())
    wallet.changeSilently({ chainId: 1 })
    await app.sign()
    await expect(app.errorCode('wrongChain')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    expect((await readLedger(devnet, wallet.account())).balances).toEqual(before.balances)
    wallet.changeSilently({ chainId: 31337 })
    await app.sign()
    await app.expectRebalanced()
  })
})

test('error: another run of the same chain', async ({ app, devnet, wallet }) => {
  const other = await startDevnet()
  try {
    await app.beginReview()
    wallet.changeSilently({ rpcUrl: other.rpcUrl })
    await app.sign()
    await expect(app.errorCode('differentChainState')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    wallet.changeSilently({ rpcUrl: devnet.rpcUrl })
    await app.sign()
    await app.expectRebalanced()
  } finally {
    await other.stop()
  }
})

test('behaviour: a wallet that takes its permission back', async ({ app, wallet }) => {
  await app.beginReview()
  await wallet.disconnect()
  await expect(app.button('Sign and send')).toBeHidden()
  await expect(app.main).toContainText('A plan is made from what a wallet holds')
  await app.connect()
  await expect(app.legs).toBeVisible()
  expect(wallet.sendRequests()).toEqual([])
})

test.describe('another account', () => {
  test('F-10: at the review the plan is put away, and comes back with its account', async ({ app, devnet, wallet }) => {
    const first = wallet.account()
    const second = devnet.accounts.users[2]?.address ?? first
    await app.beginReview()
    await wallet.selectAccount(second)
    await expect(app.button('Sign and send')).toBeHidden()
    await expect(app.main).toContainText('No targets yet')
    expect(wallet.sendRequests()).toEqual([])
    await wallet.selectAccount(first)
    await expect(app.errorCode('accountChanged')).toContainText('plan rebuilt')
    await expect(app.legs).toBeVisible()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
  })

  test('F-10: a wallet that says nothing of its other account is asked before it gets anything', async ({
    app,
    devnet,
    wallet,
  }) => {
    const first = wallet.account()
    await app.beginReview()
    wallet.changeSilently({ account: devnet.accounts.users[2]?.address ?? first })
    await app.sign()
    await expect(app.errorCode('wrongAccount')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    wallet.changeSilently({ account: first })
    await app.sign()
    await app.expectRebalanced()
  })

  test('F-10: changed while the prompt is open, the first account is followed to its end', async ({
    app,
    devnet,
    wallet,
  }) => {
    const first = wallet.account()
    const second = devnet.accounts.users[2]?.address ?? first
    const secondBefore = await readLedger(devnet, second)
    await app.beginReview()
    const prompt = wallet.holdNext()
    await app.sign()
    await prompt.shown
    await wallet.selectAccount(second)
    await expect(app.main).toContainText('No targets yet')
    prompt.approve()
    await wallet.selectAccount(first)
    await app.expectRebalanced()
    expect((await readLedger(devnet, second)).balances).toEqual(secondBefore.balances)
  })
})

test('F-14: an account that unknown code controls', async ({ app, devnet, problems, wallet }) => {
  const delegate = '0x000000000000000000000000000000000000dEaD'
  const before = await takeLedger(devnet, wallet.account())
  await setDelegation(devnet, wallet.account(), delegate)
  await app.beginPlan()
  await app.button('Review').click()
  await expect(app.errorCode('unknownDelegate')).toHaveRole('alert')
  await expect(app.errorCode('unknownDelegate')).toContainText(new RegExp(delegate, 'i'))
  await expect(app.button('Sign and send')).toBeDisabled()
  await expectNothingLost(
    { app, problems, before },
    { screen: 'Review', code: 'unknownDelegate', afterReload: { screen: 'Rebalance' } },
  )
  expect(wallet.sendRequests()).toEqual([])
})
