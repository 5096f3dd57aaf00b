import type { Devnet } from '../devnet/startDevnet'
import { type AppDriver, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { measureChanges, readGasPaid, readLedger, readWeights } from './ledger'
import type { TestWallet } from './wallet/testWallet'

type Job = { readonly app: AppDriver; readonly devnet: Devnet; readonly account: `0x${string}` }

/** From targets to the receipt, and what must hold on the chain afterwards. */
async function doJob({ app, devnet, account }: Job, confirm: () => Promise<void> = async () => undefined) {
  const before = await readLedger(devnet, account)
  await app.setTargets(usualTargets)
  await app.plan()
  const planned = await app.readPlannedChanges()
  await app.review()
  await app.sign()
  await confirm()
  await app.expectRebalanced()
  const after = await readLedger(devnet, account)
  expect(after.allowances).toEqual(before.allowances)
  expect(after.routerBalances).toEqual(before.routerBalances)
  const gasPaid = await readGasPaid(devnet, account, before.blockNumber)
  expect(measureChanges(before, after, gasPaid), 'planned and executed amounts').toEqual(planned)
  const weights = await readWeights(devnet, account)
  for (const [symbol, weight] of Object.entries(weights)) {
    const target = Number(usualTargets[symbol] ?? '0')
    expect(Math.abs(weight - target), `${symbol}: ${weight.toFixed(3)} %`).toBeLessThanOrEqual(0.5)
  }
  return { before, after }
}

function kindsOf(wallet: TestWallet) {
  return wallet.signatures().map(({ kind }) => kind)
}

test('default', async ({ app, devnet, wallet }) => {
  await app.open()
  await app.connect()
  const { before, after } = await doJob({ app, devnet, account: wallet.account() })
  expect(kindsOf(wallet)).toEqual(['batch'])
  expect(after.nonce - before.nonce).toBe(2)
})

test.describe('without batches', () => {
  test.use({ batches: 'absent' })

  test('behaviour: exact approvals, then one swap transaction', async ({ app, devnet, wallet }) => {
    await app.open()
    await app.connect()
    const { before, after } = await doJob({ app, devnet, account: wallet.account() })
    expect(kindsOf(wallet).length).toBeGreaterThan(1)
    expect(new Set(kindsOf(wallet))).toEqual(new Set(['transaction']))
    expect(after.nonce - before.nonce).toBe(kindsOf(wallet).length)
  })
})

test.describe('with the demo wallet', () => {
  test.use({ isWalletPresent: false })

  test('behaviour: one confirmation', async ({ app, devnet, page }) => {
    const prompt = page.getByRole('dialog', { name: 'Demo wallet' })
    const confirm = () => prompt.getByRole('button', { name: 'Confirm' }).click()
    await app.open()
    await app.connect('Demo wallet')
    await confirm()
    await doJob({ app, devnet, account: devnet.accounts.demo.address }, confirm)
  })
})
