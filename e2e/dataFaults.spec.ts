import type { Page } from 'playwright/test'
import { type Address, type Hex, isAddressEqual } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { FaultRule } from '@/lib/testing/faultyRpc'
import type { Devnet } from '../devnet/startDevnet'
import { holdBlocks } from './blocks'
import type { AppDriver } from './driver'
import { expect, test } from './fixtures'
import { readLedger } from './ledger'
import { makeDearer } from './marketMoves'
import { expectNothingLost, takeLedger } from './oracle'

const networkErrors = /Failed to load resource/
const down: readonly FaultRule[] = [{ action: { kind: 'drop' } }]

/** Answers from a state in which the account holds twice as much of a token: 32 bytes that are its balance become their double. */
function doubleAmount(amount: bigint): FaultRule {
  const word = (value: bigint) => value.toString(16).padStart(64, '0')
  const mutate = (result: unknown) =>
    typeof result === 'string' ? result.replaceAll(word(amount), word(2n * amount)) : result
  return { method: 'eth_call', action: { kind: 'mutate', mutate } }
}

/** Moves the clock of the device, in this page and after its reloads. */
async function shiftClock(page: Page, shiftMs: number): Promise<void> {
  const shift = (ms: number) => {
    const read = Date.now.bind(Date)
    Date.now = () => read() + ms
  }
  await page.addInitScript(shift, shiftMs)
  await page.evaluate(shift, shiftMs)
}

/** Counts the messages that come up on a page from now on. */
async function countMessages(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counter = window as unknown as { messageCount: number }
    counter.messageCount = 0
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof Element)) continue
        const isMessage = node.matches('[data-error-code], [role=alert]')
        if (isMessage || node.querySelector('[data-error-code], [role=alert]') !== null) counter.messageCount += 1
      }
    }).observe(document.body, { childList: true, subtree: true })
  })
  return () => page.evaluate(() => (window as unknown as { messageCount: number }).messageCount)
}

async function openPortfolio(app: AppDriver): Promise<void> {
  await app.open()
  await app.connect()
  await expect(app.holding('LINK')).toBeVisible()
}

test.describe('F-30: the node of the pages and the one of the wallet say different things', () => {
  const cases = [
    { name: 'the pages’ node lies', liar: 'rpc' },
    { name: 'the wallet’s node lies', liar: 'walletRpc' },
  ] as const
  for (const { name, liar } of cases) {
    test(`error: sourcesDisagree: ${name}`, async ({ app, devnet, problems, site, wallet }) => {
      const before = await takeLedger(devnet, wallet.account())
      wallet.changeSilently({ rpcUrl: site.walletRpc.url })
      const usdc = before.ledger.balances.USDC ?? 0n
      site[liar].setRules([doubleAmount(usdc)])
      await app.beginPlan()
      await app.button('Review').click()
      await expect(app.errorCode('sourcesDisagree')).toHaveRole('alert')
      await expect(app.errorCode('sourcesDisagree')).toContainText('USDC')
      await expect(app.button('Sign and send')).toBeHidden()
      expect(wallet.sendRequests()).toEqual([])
      await expectNothingLost(
        { app, problems, before },
        { screen: 'Rebalance', code: 'sourcesDisagree', afterReload: { screen: 'Rebalance' } },
      )
      site[liar].setRules([])
      await app.button('Refresh').click()
      await app.review()
      await app.sign()
      await app.expectRebalanced()
    })
  }
})

test.describe('F-32: a node that is behind', () => {
  test('error: staleHead: its head stands 50 blocks back', async ({ app, devnet, page, problems, site, wallet }) => {
    await app.beginPlan()
    const before = await takeLedger(devnet, wallet.account())
    await devnet.client.mine({ blocks: 50, interval: 2 })
    await shiftClock(page, 100_000)
    site.rpc.setRules([{ action: { kind: 'pinBlock', number: before.ledger.blockNumber } }])
    await app.button('Review').click()
    await expect(app.errorCode('staleHead')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Rebalance', code: 'staleHead', afterReload: { screen: 'Rebalance', code: 'read-StaleHeadError' } },
    )
    site.rpc.setRules([])
    await app.button('Try again').click()
    await expect(app.legs).toBeVisible()
    await app.review()
  })

  test('behaviour: older blocks in between never take the place of newer ones', async ({ app, devnet, page, site }) => {
    await openPortfolio(app)
    const blockShown = async () => {
      const text = await app.main.getByText(/^Block [\d,]+ · read/).innerText()
      return Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''))
    }
    const old = BigInt(await blockShown())
    await devnet.client.mine({ blocks: 50, interval: 1 })
    await expect.poll(blockShown).toBeGreaterThanOrEqual(Number(old) + 50)
    site.rpc.setRules([{ action: { kind: 'pinBlock', number: old } }])
    await expect(app.errorCode('read-OlderBlockError')).toContainText('What you see was read')
    expect(await blockShown()).toBeGreaterThanOrEqual(Number(old) + 50)
    // The device goes back in time by an hour: nothing is older than nothing.
    await shiftClock(page, -3_600_000)
    site.rpc.setRules([])
    await expect(app.errorCode('read-OlderBlockError')).toBeHidden()
    await expect(app.main).not.toContainText(/-\d+ ?(s|min|h|d)\b/)
  })
})

test.describe('F-33: another chain behind the same address', () => {
  test('error: the chain id changes while the page is open', async ({ app, devnet, problems, wallet }) => {
    await app.beginPlan()
    const before = await takeLedger(devnet, wallet.account())
    await devnet.client.request({ method: 'anvil_setChainId', params: [1] } as never)
    await app.button('Review').click()
    await expect(app.errorCode('wrongChain')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Rebalance', afterReload: { screen: 'Rebalance', code: 'read-WrongChainError' } },
    )
    await devnet.client.request({ method: 'anvil_setChainId', params: [devnet.chainId] } as never)
    await app.button('Try again').click()
    await app.review()
  })

  test('error: foreignContracts: the code of the router is another one', async ({ app, devnet, problems, wallet }) => {
    await app.beginPlan()
    const before = await takeLedger(devnet, wallet.account())
    const { swapRouter02, universalRouter } = localDeployment.contracts
    const bytecode = (await devnet.client.getCode({ address: universalRouter })) ?? '0x'
    await devnet.client.setCode({ address: swapRouter02, bytecode })
    await app.button('Review').click()
    await expect(app.errorCode('foreignContracts')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    await expectNothingLost(
      { app, problems, before },
      {
        screen: 'Rebalance',
        code: 'foreignContracts',
        afterReload: { screen: 'Rebalance', code: 'read-ForeignContractsError' },
      },
    )
  })
})

test.describe('F-34: a node that is asked too often', () => {
  const cases = [
    { name: 'it says for how long', headers: { 'retry-after': '1' } },
    { name: 'it does not say for how long', headers: {} },
  ]
  for (const { name, headers } of cases) {
    test(`behaviour: the page recovers by itself, and says so once at most: ${name}`, async ({
      app,
      page,
      problems,
      site,
    }) => {
      problems.allow(networkErrors)
      await openPortfolio(app)
      const messageCount = await countMessages(page)
      const block = await app.main.getByText(/^Block [\d,]+ · read/).innerText()
      site.rpc.setRules([{ action: { kind: 'status', status: 429, headers }, times: 12 }])
      await expect(app.main).not.toContainText(block.split(' · ')[0] ?? block, { timeout: 40_000 })
      await expect(app.main.getByRole('alert')).toHaveCount(0)
      expect(await messageCount()).toBeLessThanOrEqual(1)
      await expect(app.main).not.toContainText('$0.00')
    })
  }
})

const brokenAnswers: readonly (FaultRule & { readonly name: string; readonly code: string })[] = [
  { name: '500', action: { kind: 'status', status: 500 }, code: 'read-RpcUnreachableError' },
  { name: '502', action: { kind: 'status', status: 502 }, code: 'read-RpcUnreachableError' },
  { name: '503', action: { kind: 'status', status: 503 }, code: 'read-RpcUnreachableError' },
  { name: 'a page of HTML', action: { kind: 'html' }, code: 'read-RpcResponseError' },
  { name: 'nothing', action: { kind: 'empty' }, code: 'read-RpcResponseError' },
  { name: 'half of it', action: { kind: 'truncate' }, code: 'read-RpcResponseError' },
  { name: 'another id', action: { kind: 'swapId' }, code: 'read-RpcResponseError' },
  { name: 'a result and an error', action: { kind: 'resultAndError' }, code: 'read-RpcResponseError' },
  { name: 'null', action: { kind: 'null' }, code: 'read-RpcResponseError' },
  { name: 'no connection', action: { kind: 'drop' }, code: 'read-RpcUnreachableError' },
  { name: 'an end in the middle', action: { kind: 'drop', afterBytes: 40 }, code: 'read-RpcUnreachableError' },
]

test.describe('F-35: answers that are none', () => {
  for (const names of [['500', 'half of it'], ['another id', 'null'], ['a page of HTML']]) {
    test(`error: from the start: ${names.join(', then ')}`, async ({ app, page, problems, site }) => {
      problems.allow(networkErrors)
      const [first] = brokenAnswers.filter(({ name }) => names.includes(name))
      site.rpc.setRules(first === undefined ? [] : [first])
      await app.open()
      await app.connect()
      await app.expectConnected()
      for (const { code, ...rule } of brokenAnswers.filter(({ name }) => names.includes(name))) {
        site.rpc.setRules([rule])
        await page.reload()
        await expect(app.errorCode(code), rule.name).toHaveRole('alert')
        await expect(app.main, rule.name).not.toContainText('$0.00')
        await expect(app.main.getByRole('table', { name: 'Holdings' }), rule.name).toBeHidden()
      }
      site.rpc.setRules([])
      await app.button('Try again').click()
      await expect(app.holding('LINK')).toBeVisible()
    })
  }
})

test.describe('with a second endpoint', () => {
  test.use({ isSpareKnown: true })

  const slowAnswers: readonly (FaultRule & { readonly name: string })[] = [
    { name: 'no answer ever', action: { kind: 'hang' } },
    { name: 'every third answer after 20 s', action: { kind: 'delay', ms: 20_000 }, every: 3 },
    { name: 'a few bytes at a time', action: { kind: 'slow', bytesPerSecond: 200 } },
  ]
  test('F-35, F-36: behaviour: whatever the first one does, the second answers', async ({
    app,
    page,
    problems,
    site,
  }) => {
    problems.allow(networkErrors)
    await openPortfolio(app)
    const total = await app.holding('LINK').innerText()
    for (const rule of [...brokenAnswers, ...slowAnswers]) {
      site.rpc.setRules([rule])
      const asked = site.rpc.requestCount
      await page.reload()
      await expect(app.holding('LINK'), rule.name).toHaveText(/LINK/)
      await expect(app.main.getByRole('alert'), rule.name).toHaveCount(0)
      expect(site.rpc.requestCount, rule.name).toBeGreaterThan(asked)
    }
    expect(site.spareRpc.requestCount).toBeGreaterThan(0)
    expect(await app.holding('LINK').innerText()).toContain(total.split('\n')[0] ?? 'LINK')
  })

  test('F-36: behaviour: a rebalance goes through while the first one never answers', async ({
    app,
    devnet,
    problems,
    site,
    wallet,
  }) => {
    site.rpc.setRules([{ action: { kind: 'hang' } }])
    const before = await takeLedger(devnet, wallet.account())
    await app.beginReview()
    await app.sign()
    await app.expectRebalanced()
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps: 60n })
  })
})

test.describe('F-37: no node answers', () => {
  test('error: unreachable: at the quote, at the simulation, at the signature', async ({
    app,
    devnet,
    problems,
    site,
    wallet,
  }) => {
    problems.allow(networkErrors)
    await app.beginPlan()
    const before = await takeLedger(devnet, wallet.account())
    for (const rules of [down, [{ method: 'eth_simulateV1', action: { kind: 'drop' } }] satisfies FaultRule[]]) {
      site.rpc.setRules(rules)
      await app.button('Review').click()
      await expect(app.errorCode('unreachable')).toHaveRole('alert')
      site.rpc.setRules([])
      await expect(app.button('Review')).toBeEnabled()
    }
    await app.review()
    site.rpc.setRules(down)
    await app.sign()
    await expect(app.errorCode('unreachable')).toHaveRole('alert')
    expect(wallet.sendRequests()).toEqual([])
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Review', code: 'unreachable', afterReload: { screen: 'Rebalance', code: 'read-RpcUnreachableError' } },
    )
    site.rpc.setRules([])
    await app.button('Try again').click()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
  })

  test('behaviour: after the signature: it is followed again as soon as one does', async ({
    app,
    devnet,
    page,
    problems,
    site,
    wallet,
  }) => {
    problems.allow(networkErrors)
    await app.beginReview()
    const before = await takeLedger(devnet, wallet.account())
    const prompt = wallet.holdNext()
    await app.sign()
    await prompt.shown
    site.rpc.setRules(down)
    prompt.approve()
    await expect
      .poll(async () => (await readLedger(devnet, wallet.account())).nonce)
      .toBeGreaterThan(before.ledger.nonce)
    await page.reload()
    await expect(app.main.getByRole('heading', { name: 'Signing', level: 1 })).toBeVisible()
    site.rpc.setRules([])
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps: 60n })
  })
})

type BotSwap = { readonly to: Address; readonly data: Hex }

/** What a bot has to send to move the pools of an asset so far, and then back: tried on the chain, and undone. */
async function rehearseBots(devnet: Devnet, assetId: string, bps: number): Promise<readonly (readonly BotSwap[])[]> {
  const { client, accounts } = devnet
  const clean = await client.snapshot()
  const swaps: BotSwap[][] = []
  for (const move of [bps, -bps]) {
    const first = await client.getBlockNumber({ cacheTime: 0 })
    await makeDearer(devnet, assetId, move)
    const head = await client.getBlockNumber({ cacheTime: 0 })
    const sent: BotSwap[] = []
    for (let blockNumber = first + 1n; blockNumber <= head; blockNumber += 1n) {
      const { transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
      for (const { from, to, input } of transactions) {
        if (to !== null && isAddressEqual(from, accounts.whale.address)) sent.push({ to, data: input })
      }
    }
    swaps.push(sent)
  }
  await client.revert({ id: clean })
  return swaps
}

test.describe('F-59: two bots in its block, one before and one behind', () => {
  const gwei = 10n ** 9n
  const cases = [
    { name: 'within the slippage it costs no more than that', bps: 25, end: { screen: 'Receipt', lossBps: 60n } },
    { name: 'beyond it nothing is traded', bps: 300, end: { screen: 'Signing', code: 'reverted' } },
  ] as const
  for (const { name, bps, end } of cases) {
    test(`behaviour: ${name}`, async ({ app, devnet, problems, wallet }) => {
      const { client, accounts } = devnet
      const [front = [], back = []] = await rehearseBots(devnet, 'LINK', bps)
      await app.beginReview()
      const before = await takeLedger(devnet, wallet.account())
      await holdBlocks(devnet)
      await app.sign()
      await expect(app.main.getByRole('list', { name: 'Steps' })).toContainText('Confirming')
      const bot = accounts.whale.address
      const [nonce, { baseFeePerGas: base }] = await Promise.all([
        client.getTransactionCount({ address: bot }),
        client.getBlock(),
      ])
      // Ours offers a fifth above the base fee: the first bot pays much more, the second less.
      const [first, last] = [200n * gwei, (base ?? gwei) + (base ?? gwei) / 8n]
      for (const [index, swap] of [...front, ...back].entries()) {
        const maxFeePerGas = index < front.length ? first : last
        const fees = { maxFeePerGas, maxPriorityFeePerGas: index < front.length ? 100n * gwei : 1n }
        await client.sendTransaction({ account: bot, ...swap, ...fees, gas: 2_000_000n, nonce: nonce + index })
      }
      await client.mine({ blocks: 1 })
      const { transactions } = await client.getBlock({ includeTransactions: true })
      const ours = transactions.findIndex(({ from }) => isAddressEqual(from, wallet.account()))
      expect([ours, transactions.length], 'its place in its block').toEqual([
        front.length,
        front.length + 1 + back.length,
      ])
      await client.setAutomine(true)
      await client.setIntervalMining({ interval: 2 })
      if ('code' in end) await expect(app.errorCode(end.code)).toContainText('Nothing was traded')
      else await app.expectRebalanced()
      await expectNothingLost({ app, problems, before }, end)
    })
  }
})
