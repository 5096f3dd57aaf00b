import { decodeFunctionData, formatUnits } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import { erc20Abi } from '../devnet/abis'
import type { Devnet } from '../devnet/startDevnet'
import { type AppDriver, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { measureChanges, readGasPaid, readLedger, readWeights } from './ledger'
import type { TestWallet } from './wallet/testWallet'

const router = localDeployment.contracts.swapRouter02

type Job = { readonly app: AppDriver; readonly devnet: Devnet; readonly account: `0x${string}` }

/** From targets to the receipt, and what must hold on the chain afterwards. */
async function doJob({ app, devnet, account }: Job, confirm: () => Promise<void> = async () => undefined) {
  const before = await readLedger(devnet, account)
  await app.setTargets(usualTargets)
  await app.plan()
  const planned = await app.readPlannedChanges()
  await app.review()
  const reviewedApprovals = await app.readApprovals()
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
  return { before, after, reviewedApprovals }
}

/** An approval as the bytes say it: `1.5 LINK`. Anything else throws. */
function describeApproval({ to, data }: Call): string {
  const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
  if (functionName !== 'approve' || args[0] !== router) throw new RangeError('No approval of the router.')
  const token = localDeployment.assets.flatMap(({ tokens }) => tokens).find(({ address }) => address === to)
  return `${formatUnits(args[1], token?.decimals ?? 0)} ${token?.symbol}`
}

function kindsOf(wallet: TestWallet) {
  return wallet.signatures().map(({ kind }) => kind)
}

test('default', async ({ app, devnet, wallet }) => {
  await app.open()
  await app.connect()
  const { before, after, reviewedApprovals } = await doJob({ app, devnet, account: wallet.account() })
  expect(kindsOf(wallet)).toEqual(['batch'])
  const [batch] = wallet.signatures()
  const calls = batch?.kind === 'batch' ? batch.calls : []
  expect(calls.slice(0, -1).map(describeApproval), 'approvals as reviewed').toEqual(reviewedApprovals)
  expect(calls.at(-1)?.to).toBe(router)
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
