import type { Devnet } from '../devnet/startDevnet'
import { holdBlocks, releaseBlocks } from './blocks'
import { expect } from './fixtures'
import { expectNothingLost } from './oracle'
import { openReview, test } from './wallet/earlierVisit'

type Address = `0x${string}`

/** Something of the account's own, which stays without a block. Answers its nonce. */
async function leaveUnconfirmed({ client }: Devnet, account: Address): Promise<number> {
  const nonce = await client.getTransactionCount({ address: account, blockTag: 'pending' })
  await client.sendTransaction({ account, to: account, value: 1n, nonce })
  return nonce
}

/** Sends what waits under the account's next nonce once more at thrice the fee, as wallets do to speed it up. */
async function speedUp({ client }: Devnet, account: Address): Promise<void> {
  const nonce = await client.getTransactionCount({ address: account, blockTag: 'latest' })
  const pool = await client.getTxpoolContent()
  const ofAccount = Object.entries(pool.pending).find(([sender]) => sender.toLowerCase() === account.toLowerCase())
  const waiting = ofAccount?.[1][nonce]
  if (waiting === undefined) throw new RangeError(`Nothing of ${account} waits under nonce ${nonce}.`)
  const { to, input, value, gas, maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = waiting
  await client.sendTransaction({
    account,
    to,
    data: input,
    value: BigInt(value),
    gas: BigInt(gas),
    nonce,
    maxFeePerGas: BigInt(maxFeePerGas) * 3n,
    maxPriorityFeePerGas: BigInt(maxPriorityFeePerGas) * 3n + 1n,
  })
}

/** Takes back all blocks since the newest transaction of an account, with that one. Answers the transaction, to be sent again. */
async function takeBack({ client }: Devnet, account: Address): Promise<`0x${string}`> {
  const head = await client.getBlockNumber()
  for (let number = head; ; number -= 1n) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true })
    const own = transactions.find(({ from }) => from.toLowerCase() === account.toLowerCase())
    if (own === undefined) continue
    const request = client.request as (args: { method: string; params: unknown }) => Promise<unknown>
    const raw = (await request({ method: 'eth_getRawTransactionByHash', params: [own.hash] })) as `0x${string}`
    await request({ method: 'anvil_reorg', params: [Number(head - number) + 1, []] })
    return raw
  }
}

test.describe('an older transaction that waits (F-25)', () => {
  test('default', async ({ app, devnet, wallet }) => {
    await app.beginReview()
    await holdBlocks(devnet)
    const nonce = await leaveUnconfirmed(devnet, wallet.account())
    await app.sign()
    await expect(app.errorCode('held-before')).toHaveRole('alert')
    await expect(app.errorCode('held-before')).toContainText(`It has nonce ${nonce}, and ours would wait behind it.`)
    expect(wallet.sendRequests()).toEqual([])
    await app.button('Send all the same').click()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    await releaseBlocks(devnet)
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
  })

  test('behaviour: once it is through, the plan is reviewed anew', async ({ app, devnet, page, wallet }) => {
    await app.beginReview()
    await holdBlocks(devnet)
    await leaveUnconfirmed(devnet, wallet.account())
    await app.sign()
    await expect(app.errorCode('held-before')).toBeVisible()
    await app.button('Wait and look again').click()
    await expect(app.button('Wait and look again')).toBeEnabled()
    await expect(app.errorCode('held-before')).toBeVisible()
    await page.reload()
    await expect(app.errorCode('held-before')).toBeVisible()
    await releaseBlocks(devnet)
    await app.button('Wait and look again').click()
    await expect(app.errorCode('quoteMoved')).toBeVisible()
    expect(wallet.sendRequests()).toEqual([])
    await app.sign()
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
  })

  test('behaviour: what is held back can be given up', async ({ app, devnet, wallet }) => {
    await app.beginReview()
    await holdBlocks(devnet)
    await leaveUnconfirmed(devnet, wallet.account())
    await app.sign()
    await expect(app.errorCode('held-before')).toBeVisible()
    await app.button('Back to the plan').click()
    await expect(app.legs).toBeVisible()
    expect(wallet.sendRequests()).toEqual([])
    await releaseBlocks(devnet)
  })
})

test.describe('without batches', () => {
  test.use({ batches: 'absent' })

  test('behaviour: what was sped up in the wallet counts as done (F-20)', async ({ app, devnet, wallet }) => {
    await app.beginReview()
    await holdBlocks(devnet)
    await app.sign()
    const steps = app.main.getByRole('list', { name: 'Steps' })
    await expect(steps).toContainText('Confirming')
    await speedUp(devnet, wallet.account())
    await releaseBlocks(devnet)
    await expect(steps.getByRole('listitem').first()).toContainText('Sped up')
    await app.expectRebalanced()
    await expect(app.errorCode('spedUp')).toBeVisible()
    await expect(app.main).toContainText('Included, not final yet')
  })

  test('behaviour: what was cancelled in the wallet is told as such (F-21)', async ({ app, devnet, wallet }) => {
    const { client } = devnet
    await app.beginReview()
    await holdBlocks(devnet)
    await app.sign()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    const account = wallet.account()
    const nonce = await client.getTransactionCount({ address: account, blockTag: 'latest' })
    const { maxFeePerGas } = await client.estimateFeesPerGas()
    await client.sendTransaction({
      account,
      to: account,
      value: 0n,
      nonce,
      maxFeePerGas: maxFeePerGas * 5n,
      maxPriorityFeePerGas: maxFeePerGas * 4n,
    })
    await releaseBlocks(devnet)
    await expect(app.errorCode('notIncluded-cancelled')).toContainText('You cancelled it in your wallet.')
    await expect(app.errorCode('notIncluded-cancelled')).toHaveRole('note')
    await app.button('Plan again').click()
    await expect(app.legs).toBeVisible()
    expect(wallet.sendRequests()).toHaveLength(1)
  })
})

test.describe('what the nodes lose, without batches', () => {
  test.use({ batches: 'absent' })

  test('F-22: another transaction takes the nonce: the plan is void, and a new one leads on', async ({
    app,
    before,
    devnet,
    problems,
    wallet,
  }) => {
    const { client } = devnet
    const { account } = before
    await openReview(app)
    await holdBlocks(devnet)
    await app.sign()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    const nonce = await client.getTransactionCount({ address: account, blockTag: 'latest' })
    const { maxFeePerGas } = await client.estimateFeesPerGas()
    await client.sendTransaction({
      account,
      to: devnet.accounts.whale.address,
      value: 0n,
      nonce,
      maxFeePerGas: maxFeePerGas * 5n,
      maxPriorityFeePerGas: maxFeePerGas * 4n,
    })
    await releaseBlocks(devnet)
    // Where the page had not yet learned the nonce from a node, it takes four blocks before the other is known to have taken it.
    await expect(async () => {
      await client.mine({ blocks: 1 })
      await expect(app.errorCode('notIncluded-replaced')).toHaveRole('alert', { timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
    await expect(app.errorCode('notIncluded-replaced')).toContainText('used its nonce')
    await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'notIncluded-replaced' })
    await app.button('Plan again').click()
    await expect(app.legs).toBeVisible()
    expect(wallet.sendRequests()).toHaveLength(1)
  })

  test('F-23: said after four blocks, and taken back when it is mined after all', async ({
    app,
    before,
    devnet,
    problems,
    wallet,
  }) => {
    const { client } = devnet
    const { account } = before
    await openReview(app)
    await holdBlocks(devnet)
    await app.sign()
    await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
    const pool = await client.getTxpoolContent()
    const waiting = Object.entries(pool.pending).find(([sender]) => sender.toLowerCase() === account.toLowerCase())
    const [{ hash } = { hash: undefined }] = Object.values(waiting?.[1] ?? {})
    if (hash === undefined) throw new RangeError('Nothing waits.')
    const request = client.request as (args: { method: string; params: unknown }) => Promise<unknown>
    const raw = (await request({ method: 'eth_getRawTransactionByHash', params: [hash] })) as `0x${string}`
    await client.dropTransaction({ hash })
    await client.setIntervalMining({ interval: 1 })
    await expect(app.errorCode('dropped')).toHaveRole('alert')
    await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'dropped' })
    expect(wallet.sendRequests()).toHaveLength(1)
    await client.sendRawTransaction({ serializedTransaction: raw })
    await releaseBlocks(devnet)
    await expect(app.main.getByRole('list', { name: 'Steps' }).getByRole('listitem').first()).toContainText('Done')
    await expect(app.errorCode('dropped')).toHaveCount(0)
    await app.button('Continue').click()
    await app.expectRebalanced()
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps: 100n })
  })
})

test('behaviour: after a reload the person says that the request was declined', async ({ app, page, wallet }) => {
  await app.beginReview()
  const prompt = wallet.holdNext()
  await app.sign()
  await prompt.shown
  await page.reload()
  await expect(app.errorCode('interrupted')).toBeVisible()
  prompt.reject()
  await app.button('I declined it in my wallet').click()
  await expect(app.errorCode('rejected')).toContainText('You cancelled. Nothing was sent.')
  await app.review()
  await app.sign()
  await app.expectRebalanced()
})

test('behaviour: a block that the chain takes back is waited for again, without alarm (F-24)', async ({
  app,
  devnet,
  wallet,
}) => {
  await app.beginReview()
  await app.sign()
  await app.expectRebalanced()
  await expect(app.main).toContainText('Included, not final yet')
  await holdBlocks(devnet)
  const raw = await takeBack(devnet, wallet.account())
  await expect(app.errorCode('undone')).toHaveRole('note')
  await expect(app.status).toContainText('The chain took its block back.')
  await expect(app.main.getByRole('alert')).toHaveCount(0)
  await devnet.client.sendRawTransaction({ serializedTransaction: raw })
  await releaseBlocks(devnet)
  await app.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
})
