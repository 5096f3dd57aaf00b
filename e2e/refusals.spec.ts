import { dealToken } from '../devnet/control/balances'
import { localAsset } from '../devnet/pools'
import { usualTargets } from './driver'
import { expect, test } from './fixtures'
import { readGasPaid, readLedger } from './ledger'
import { letFeedFollow, makeDearer } from './marketMoves'

const signings = (methods: readonly { readonly method: string }[]) =>
  methods.filter(({ method }) => method === 'wallet_sendCalls' || method === 'eth_sendTransaction').length

test.describe('rejecting', () => {
  test('default', async ({ app, devnet, wallet }) => {
    await app.beginReview()
    const before = await readLedger(devnet, wallet.account())
    wallet.rejectNext()
    await app.sign()
    await expect(app.errorCode('rejected')).toContainText('You cancelled. Nothing was sent.')
    await expect(app.main.getByRole('alert')).toHaveCount(0)
    await expect(app.status).toHaveText('You cancelled. Nothing was sent.')
    expect(await readLedger(devnet, wallet.account())).toMatchObject({
      nonce: before.nonce,
      balances: before.balances,
      allowances: before.allowances,
    })
    await app.sign()
    await app.expectRebalanced()
    expect(wallet.signatures()).toHaveLength(2)
  })

  test('behaviour: connecting can be declined and tried again', async ({ app, wallet }) => {
    await app.open()
    wallet.rejectNext()
    await app.connect()
    await expect(app.page.getByRole('dialog')).toContainText(/cancel|reject|retry/i)
    await app.page.keyboard.press('Escape')
    await expect(app.page.getByRole('dialog')).toBeHidden()
    await app.connect()
    await expect(app.main.getByRole('table', { name: 'Holdings' })).toBeVisible()
  })

  test.describe('without batches', () => {
    test.use({ batches: 'absent' })

    test('behaviour: the approvals that were made are kept and named', async ({ app, devnet, wallet }) => {
      await app.beginReview()
      const before = await readLedger(devnet, wallet.account())
      const second = wallet.holdNext()
      await app.sign()
      await second.shown
      second.approve()
      wallet.rejectNext()
      await expect(app.errorCode('rejected')).toContainText('One approval was made')
      await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Cancelled')
      expect((await readLedger(devnet, wallet.account())).nonce).toBe(before.nonce + 1)
      await app.button('Continue').click()
      await app.expectRebalanced()
      expect((await readLedger(devnet, wallet.account())).allowances).toEqual(before.allowances)
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

  test('behaviour: at the review the button switches back', async ({ app, wallet }) => {
    await app.beginReview()
    await wallet.selectChain(1)
    await app.button('Switch to Local chain').click()
    await expect(app.button('Sign and send')).toBeEnabled()
    expect(signings(wallet.requests)).toBe(0)
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

  test('behaviour: a wallet that says nothing of its other chain is asked before it gets anything', async ({
    app,
    devnet,
    wallet,
  }) => {
    await app.beginReview()
    const before = await readLedger(devnet, wallet.account())
    wallet.changeSilently({ chainId: 1 })
    await app.sign()
    await expect(app.errorCode('wrongChain')).toHaveRole('alert')
    expect(signings(wallet.requests)).toBe(0)
    expect((await readLedger(devnet, wallet.account())).balances).toEqual(before.balances)
    wallet.changeSilently({ chainId: 31337 })
    await app.sign()
    await app.expectRebalanced()
  })
})

test.describe('another account', () => {
  test('default', async ({ app, devnet, wallet }) => {
    const first = wallet.account()
    const second = devnet.accounts.users[2]?.address ?? first
    await app.beginReview()
    await wallet.selectAccount(second)
    await expect(app.button('Sign and send')).toBeHidden()
    await expect(app.main).toContainText('No targets yet')
    expect(signings(wallet.requests)).toBe(0)
    await wallet.selectAccount(first)
    await expect(app.errorCode('accountChanged')).toContainText('plan rebuilt')
    await expect(app.legs).toBeVisible()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
  })

  test('behaviour: a wallet that says nothing of its other account is asked before it gets anything', async ({
    app,
    devnet,
    wallet,
  }) => {
    const first = wallet.account()
    await app.beginReview()
    wallet.changeSilently({ account: devnet.accounts.users[2]?.address ?? first })
    await app.sign()
    await expect(app.errorCode('wrongAccount')).toHaveRole('alert')
    expect(signings(wallet.requests)).toBe(0)
    wallet.changeSilently({ account: first })
    await app.sign()
    await app.expectRebalanced()
  })

  test('behaviour: changed while the prompt is open, the first account is followed to its end', async ({
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

test.describe('what changes after the review', () => {
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

  test('behaviour: a pool that moved is reviewed again before anything is asked', async ({ app, devnet, wallet }) => {
    await app.beginReview()
    await makeDearer(devnet, 'LINK', 30)
    await app.sign()
    await expect(app.errorCode('quoteMoved')).toHaveRole('alert')
    expect(signings(wallet.requests)).toBe(0)
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
    expect(signings(wallet.requests)).toBe(0)
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
    expect(signings(wallet.requests)).toBe(1)
  })
})
