import { decodeFunctionData, formatUnits } from 'viem'
import { permit2Abi } from '@/lib/chain/abis'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import { erc20Abi } from '../devnet/abis'
import { dealToken } from '../devnet/control/balances'
import { localAsset } from '../devnet/pools'
import type { Devnet } from '../devnet/startDevnet'
import { type AppDriver, usualTargets, type WantedWeights } from './driver'
import { expect, test } from './fixtures'
import { measureChanges, readGasPaid, readLedger, readWeights } from './ledger'
import type { TestWallet } from './wallet/testWallet'

const { swapRouter02, universalRouter, permit2 } = localDeployment.contracts

type Job = {
  readonly app: AppDriver
  readonly devnet: Devnet
  readonly account: `0x${string}`
  readonly targets?: WantedWeights
  /** What is done between the plan and its review. */
  readonly onPlan?: () => Promise<void>
  readonly confirm?: () => Promise<void>
}

const nothing = async () => undefined

/** More than one pool takes at a good price: dollars become ether through pools of v3 and v4. */
const dollarsToEther = {
  held: 415_000n * 10n ** 6n,
  targets: { ETH: '60', WBTC: '10', USDC: '22', USDT: '2', DAI: '1', LINK: '2', UNI: '2', AAVE: '1' },
} as const

/** From targets to the receipt, and what must hold on the chain afterwards. */
async function doJob({ app, devnet, account, targets = usualTargets, onPlan = nothing, confirm = nothing }: Job) {
  const before = await readLedger(devnet, account)
  await app.setTargets(targets)
  await app.plan()
  await onPlan()
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
    const target = Number(targets[symbol] ?? '0')
    expect(Math.abs(weight - target), `${symbol}: ${weight.toFixed(3)} %`).toBeLessThanOrEqual(0.5)
  }
  return { before, after, reviewedApprovals }
}

function nameAmount(token: string, amount: bigint): string {
  const known = localDeployment.assets.flatMap(({ tokens }) => tokens).find(({ address }) => address === token)
  return `${formatUnits(amount, known?.decimals ?? 0)} ${known?.symbol}`
}

/** An approval as the bytes say it, in the words of the driver. A grant that outlives its block throws. */
function describeApproval({ to, data }: Call): string {
  if (to === permit2) {
    const { functionName, args } = decodeFunctionData({ abi: permit2Abi, data })
    if (functionName !== 'approve' || args[3] !== 0) throw new RangeError('No grant for one block.')
    return `grant ${nameAmount(args[0], args[2])} to ${args[1]}`
  }
  const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
  if (functionName !== 'approve') throw new RangeError('No approval.')
  return `approve ${nameAmount(to, args[1])} to ${args[0]}`
}

function kindsOf(wallet: TestWallet) {
  return wallet.signatures().map(({ kind }) => kind)
}

/** The calls of the one batch that was signed: all approvals, and the router call. */
function splitBatch(wallet: TestWallet) {
  expect(kindsOf(wallet)).toEqual(['batch'])
  const [batch] = wallet.signatures()
  const calls = batch?.kind === 'batch' ? batch.calls : []
  return { approvals: calls.slice(0, -1), routerCall: calls.at(-1), count: calls.length }
}

test('default: the whole job, and nobody but the site and its node is asked anything (A-28)', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  await app.open()
  await app.connect()
  const { before, after, reviewedApprovals } = await doJob({ app, devnet, account: wallet.account() })
  const { approvals, routerCall, count } = splitBatch(wallet)
  expect(approvals.map(describeApproval), 'approvals as reviewed').toEqual(reviewedApprovals)
  expect([swapRouter02, universalRouter]).toContain(routerCall?.to)
  expect(count).toBeLessThanOrEqual(10)
  expect(after.nonce - before.nonce).toBe(2)
  expect(problems.list()).toEqual([])
})

test('behaviour: through pools of v4, native ether among them', async ({ app, devnet, wallet }) => {
  const { address: token } = localAsset('USDC').poolToken
  await dealToken(devnet, { token, account: wallet.account(), amount: dollarsToEther.held })
  await app.open()
  await app.connect()
  const { reviewedApprovals } = await doJob({
    app,
    devnet,
    account: wallet.account(),
    targets: dollarsToEther.targets,
    onPlan: async () => {
      await expect(app.legs).toContainText('v4 0.05 %')
      await expect(app.main.getByRole('region', { name: 'Trades', exact: true })).toContainText(
        'Uniswap Universal Router',
      )
    },
  })
  const { approvals, routerCall } = splitBatch(wallet)
  expect(routerCall?.to).toBe(universalRouter)
  const described = approvals.map(describeApproval)
  expect(described, 'approvals as reviewed').toEqual(reviewedApprovals)
  expect(described.filter((text) => text.startsWith('approve')).every((text) => text.endsWith(permit2))).toBe(true)
  expect(described.filter((text) => text.startsWith('grant')).every((text) => text.endsWith(universalRouter))).toBe(
    true,
  )
  await expect(app.main.getByRole('list', { name: 'Executed legs' })).toContainText('as quoted')
})

test.describe('without batches', () => {
  test.use({ batches: 'absent' })

  test('behaviour: exact approvals, then one swap transaction', async ({ app, devnet, wallet }) => {
    await app.open()
    await app.connect()
    const { before, after } = await doJob({
      app,
      devnet,
      account: wallet.account(),
      onPlan: async () => {
        await app.explain()
        await expect(app.main.getByRole('list', { name: 'Pools left out' })).toContainText(
          'v4 pools need a wallet that signs a batch of calls',
        )
        await expect(app.legs).not.toContainText('v4')
      },
    })
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
    await doJob({ app, devnet, account: devnet.accounts.demo.address, confirm })
  })
})
