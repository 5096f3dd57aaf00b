import { decodeFunctionData, encodeFunctionData, maxUint256, parseAbi } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Address, Hex } from '@/lib/core/units'
import { answeringCode, floodingCode, gasBurningCode, revertingCode } from '@/lib/testing/answeringCode'
import { aggregatorOf } from '../devnet/addresses'
import { asAccount, dealToken } from '../devnet/control/balances'
import { makeFeedStale, readFeeds, setFeedAnswer } from '../devnet/control/feeds'
import { type Habit, makeOddToken, teachToken } from '../devnet/control/oddToken'
import { localAsset } from '../devnet/pools'
import { startPrice } from '../devnet/prices'
import type { Devnet } from '../devnet/startDevnet'
import { sendTransactions } from '../devnet/transactions'
import { type AppDriver, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { readLedger } from './ledger'
import { makeDearer } from './marketMoves'
import { expectNothingLost, takeLedger } from './oracle'

const { contracts } = localDeployment
const tokenOf = (symbol: string) => localAsset(symbol).poolToken
const link = tokenOf('LINK')

async function swapCode({ client }: Devnet, address: Address, bytecode: Hex): Promise<() => Promise<void>> {
  const before = (await client.getCode({ address })) ?? '0x'
  await client.setCode({ address, bytecode })
  return () => client.setCode({ address, bytecode: before })
}

async function openPortfolio(app: AppDriver): Promise<void> {
  await app.open()
  await app.connect()
  await expect(app.holding('LINK')).toBeVisible()
}

/** Answers like a token that says that the account holds all there can be. */
const boastingCode = answeringCode({
  '0x70a08231': [maxUint256],
  '0x313ce567': [18n],
  '0x18160ddd': [1n],
  '0xdd62ed3e': [0n],
})
const misdeeds: readonly (readonly [string, Hex])[] = [
  ['reverts', revertingCode],
  ['burns all gas', gasBurningCode],
  ['returns two megabytes', floodingCode],
  ['says that 2^256-1 are held', boastingCode],
  ['returns 16 bytes', '0x60105ff3'],
  ['is no contract', '0x'],
]

test.describe('F-38, F-45: tokens that cannot be read', () => {
  test('behaviour: one, whatever it does: the others stay, the total is a least one', async ({ app, devnet }) => {
    await openPortfolio(app)
    const others = ['ETH', 'WBTC', 'USDC', 'USDT', 'DAI', 'UNI', 'AAVE']
    const held = await Promise.all(others.map((symbol) => app.holding(symbol).getByRole('cell').first().innerText()))
    for (const [misdeed, bytecode] of misdeeds) {
      const restore = await swapCode(devnet, link.address, bytecode)
      await app.button('Read again').click()
      await expect(app.holding('LINK'), misdeed).toContainText('unreadable')
      await expect(app.main.getByTitle('At least: something could not be read or priced'), misdeed).toHaveText('≥ ')
      for (const [index, symbol] of others.entries()) {
        await expect(app.holding(symbol).getByRole('cell').first(), `${symbol}: ${misdeed}`).toHaveText(
          held[index] ?? '',
        )
      }
      await restore()
      await app.button('Read again').click()
      await expect(app.holding('LINK'), misdeed).not.toContainText('unreadable')
    }
  })

  test('error: unreadableBalances: several at once, each in its own way', async ({ app, devnet, wallet }) => {
    const spoilt = ['WBTC', 'USDT', 'DAI', 'LINK', 'UNI', 'AAVE']
    for (const [index, symbol] of spoilt.entries()) {
      await swapCode(devnet, tokenOf(symbol).address, misdeeds[index]?.[1] ?? '0x')
    }
    await openPortfolio(app)
    for (const symbol of spoilt) await expect(app.holding(symbol)).toContainText('unreadable')
    for (const symbol of ['ETH', 'USDC']) await expect(app.holding(symbol)).not.toContainText('unreadable')
    await app.setTargets(usualTargets)
    await app.button('Plan rebalance').click()
    await expect(app.errorCode('unreadableBalances')).toHaveRole('alert')
    for (const symbol of spoilt) await expect(app.errorCode('unreadableBalances')).toContainText(symbol)
    await expect(app.button('Review')).toBeDisabled()
    expect(wallet.sendRequests()).toEqual([])
  })
})

test('F-41: error: unreadableBalances: decimals change while the plan is on the screen', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  await app.beginPlan()
  const before = await takeLedger(devnet, wallet.account())
  await makeOddToken(devnet, { ...link, decimals: 6 })
  await app.button('Review').click()
  await expect(app.errorCode('unreadableBalances')).toContainText('LINK')
  await expect(app.button('Review')).toBeDisabled()
  expect(wallet.sendRequests()).toEqual([])
  await expectNothingLost({ app, problems, before }, { screen: 'Rebalance', code: 'unreadableBalances' })
})

test('F-43, F-44: behaviour: what a token calls itself is never shown', async ({ app, devnet, page, wallet }) => {
  await makeOddToken(devnet, { ...link, symbol: '\u202eCDSU</script><img src=x>', name: 'USD Coin' })
  await openPortfolio(app)
  await expect(app.holding('LINK')).toContainText('900 LINK')
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await app.main.innerText()).not.toContain('CDSU')
  const row = app.main.getByRole('table', { name: 'Holdings' }).getByRole('row').filter({ hasText: 'USD Coin' })
  await expect(row).toHaveCount(1)
  expect(wallet.sendRequests()).toEqual([])
})

test('F-46: error: simulationUnavailable: without Multicall3 all is read and planned, and nothing is signed unseen', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  await devnet.client.setCode({ address: contracts.multicall3, bytecode: '0x' })
  const before = await takeLedger(devnet, wallet.account())
  await openPortfolio(app)
  await expect(app.holding('ETH')).toContainText('12 ETH + 3 WETH')
  await app.setTargets(usualTargets)
  await app.plan()
  await app.button('Review').click()
  await expect(app.errorCode('simulationUnavailable')).toHaveRole('alert')
  await expect(app.button('Sign and send')).toBeDisabled()
  expect(wallet.sendRequests()).toEqual([])
  await expectNothingLost(
    { app, problems, before },
    { screen: 'Review', code: 'simulationUnavailable', afterReload: { screen: 'Rebalance' } },
  )
})

test.describe('F-48, F-49: a token that its issuer stops', () => {
  const cases: readonly {
    readonly name: string
    readonly habit: (account: Address) => Habit
    readonly says: string
  }[] = [
    { name: 'F-48: it is paused', habit: () => ({ kind: 'paused' }), says: 'token is paused' },
    {
      name: 'F-49: it blocks the account',
      habit: (account) => ({ kind: 'blocks', account }),
      says: 'token issuer blocks this account',
    },
  ]
  for (const { name, habit, says } of cases) {
    test(`error: tokenRefuses: ${name} before the review`, async ({ app, devnet, problems, wallet }) => {
      const before = await takeLedger(devnet, wallet.account())
      await makeOddToken(devnet, link)
      await teachToken(devnet, link, habit(wallet.account()))
      await app.beginPlan()
      await app.button('Review').click()
      await expect(app.errorCode('tokenRefuses')).toContainText(says)
      await expect(app.errorCode('tokenRefuses')).toContainText('LINK')
      await expect(app.button('Sign and send')).toBeDisabled()
      expect(wallet.sendRequests()).toEqual([])
      await expectNothingLost(
        { app, problems, before },
        { screen: 'Review', code: 'tokenRefuses', afterReload: { screen: 'Rebalance' } },
      )
    })

    test(`error: reverted: ${name} between the review and its block`, async ({ app, devnet, problems, wallet }) => {
      await makeOddToken(devnet, link)
      await app.beginReview()
      const before = await takeLedger(devnet, wallet.account())
      const prompt = wallet.holdNext()
      await app.sign()
      await prompt.shown
      await teachToken(devnet, link, habit(wallet.account()))
      prompt.approve()
      await expect(app.errorCode('reverted')).toContainText('Nothing was traded')
      await expect(app.errorCode('reverted')).toContainText('a token refused')
      await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'reverted' })
    })
  }
})

test.describe('F-50: a token like USDT, with an old allowance', () => {
  for (const batches of ['offered', 'absent'] as const) {
    test.describe(`batches ${batches}`, () => {
      test.use({ batches })

      test('behaviour: reset to 0, then exactly what is needed, and 0 at the end', async ({
        app,
        devnet,
        problems,
        wallet,
      }) => {
        const account = wallet.account()
        const usdt = tokenOf('USDT')
        const approveAbi = parseAbi(['function approve(address spender, uint256 amount)'])
        await asAccount(devnet, account, () =>
          sendTransactions(devnet.rpcUrl, {
            from: account,
            transactions: [contracts.swapRouter02, contracts.permit2].map((spender) => ({
              to: usdt.address,
              data: encodeFunctionData({ abi: approveAbi, functionName: 'approve', args: [spender, 3n] }),
            })),
          }),
        )
        const before = await takeLedger(devnet, account)
        expect(before.ledger.allowances['USDT swapRouter02']).toBe(3n)
        await app.beginReview()
        await expect(app.main.getByRole('list', { name: 'Approvals' })).toContainText('USDT')
        await app.sign()
        await app.expectRebalanced()
        const { allowances } = await readLedger(devnet, account)
        expect(allowances['USDT swapRouter02'], 'what the swaps were allowed').toBe(0n)
        expect(allowances['USDT permit2'], 'what nobody asked about').toBe(3n)
        const signed = wallet
          .signatures()
          .flatMap((prompt) =>
            prompt.kind === 'batch' ? prompt.calls : prompt.kind === 'transaction' ? [prompt.call] : [],
          )
          .filter(({ to }) => to === usdt.address)
          .map(({ data }) => decodeFunctionData({ abi: approveAbi, data }).args[1])
        expect(signed).toEqual([0n, 8_000n * 10n ** 6n])
        await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps: 60n })
      })
    })
  }
})

test('F-40: error: priceImpact: all of a token into pools that are far too thin', async ({
  app,
  devnet,
  problems,
  wallet,
}) => {
  const account = devnet.accounts.emptyHanded.address
  await dealToken(devnet, { token: tokenOf('SNX').address, account, amount: 2_000_000n * 10n ** 18n })
  await wallet.selectAccount(account)
  const before = await takeLedger(devnet, account)
  await app.open()
  await app.connect()
  await app.setTargets({ ETH: '100' })
  await app.button('Plan rebalance').click()
  await expect(app.errorCode('priceImpact')).toContainText('above the limit of 5 %')
  await expect(app.errorCode('priceImpact')).toContainText('SNX')
  await expect(app.errorCode('priceImpact')).toContainText(/would lose \$\d[\d.,]*[KM]? to thin pools/)
  await expect(app.button('Review')).toBeDisabled()
  expect(wallet.sendRequests()).toEqual([])
  await expectNothingLost({ app, problems, before }, { screen: 'Rebalance', code: 'priceImpact' })
})

test.describe('F-55: feeds', () => {
  const faults: readonly {
    readonly name: string
    readonly mark: string
    readonly spoil: (devnet: Devnet) => Promise<unknown>
  }[] = [
    { name: 'at zero', mark: 'unpriced', spoil: (devnet) => setFeedAnswer(devnet, 'LINK', { answer: 0n }) },
    { name: 'below zero', mark: 'unpriced', spoil: (devnet) => setFeedAnswer(devnet, 'LINK', { answer: -1n }) },
    { name: 'at 2^255', mark: 'unpriced', spoil: (devnet) => setFeedAnswer(devnet, 'LINK', { answer: -(2n ** 255n) }) },
    {
      name: 'from the future',
      mark: 'unpriced',
      spoil: async (devnet) => {
        const { now } = await readFeeds(devnet)
        await setFeedAnswer(devnet, 'LINK', { answer: 880_000_000n, updatedAt: now + 3_600n })
      },
    },
    { name: 'that is stale', mark: 'stale', spoil: (devnet) => makeFeedStale(devnet, 'LINK') },
  ]
  test('behaviour: whatever is wrong with one, there is no price of that asset, and the rest stays', async ({
    app,
    devnet,
  }) => {
    await openPortfolio(app)
    for (const { name, mark, spoil } of faults) {
      await spoil(devnet)
      await app.button('Read again').click()
      await expect(app.holding('LINK'), name).toContainText(mark)
      await expect(app.main.getByTitle('At least: something could not be read or priced'), name).toHaveCount(
        mark === 'unpriced' ? 1 : 0,
      )
      await expect(app.holding('ETH'), name).not.toContainText(mark)
      await setFeedAnswer(devnet, 'LINK', { price: startPrice('LINK') })
      await app.button('Read again').click()
      await expect(app.holding('LINK'), name).not.toContainText(mark)
    }
    for (const bytecode of [revertingCode, '0x'] as const) {
      const restore = await swapCode(devnet, aggregatorOf(localAsset('LINK').feed?.address ?? '0x'), bytecode)
      await app.button('Read again').click()
      await expect(app.holding('LINK')).toContainText('unpriced')
      await restore()
    }
    // Last, since its aggregator takes no other answer after it.
    await setFeedAnswer(devnet, 'LINK', { answer: 880_000_000n, updatedAt: 0n })
    await app.button('Read again').click()
    await expect(app.holding('LINK'), 'that never answered').toContainText('stale')
  })

  const blocked = [
    { name: 'stalePrices', spoil: (devnet: Devnet) => makeFeedStale(devnet, 'LINK') },
    { name: 'unpricedAssets', spoil: (devnet: Devnet) => setFeedAnswer(devnet, 'LINK', { answer: 0n }) },
  ]
  for (const { name, spoil } of blocked) {
    test(`error: ${name}: no plan until there is a price again`, async ({ app, devnet, problems, wallet }) => {
      await app.beginPlan()
      const before = await takeLedger(devnet, wallet.account())
      await spoil(devnet)
      await app.button('Review').click()
      await expect(app.errorCode(name)).toContainText('LINK')
      await expect(app.button('Review')).toBeDisabled()
      expect(wallet.sendRequests()).toEqual([])
      await expectNothingLost({ app, problems, before }, { screen: 'Rebalance', code: name })
      await setFeedAnswer(devnet, 'LINK', { price: startPrice('LINK') })
      await app.page.reload()
      await app.review()
    })
  }
})

test.describe('F-57: a feed and its pools say different prices', () => {
  const cases: readonly {
    readonly name: string
    readonly assetId: string
    readonly spoil: (devnet: Devnet) => Promise<unknown>
  }[] = [
    {
      name: 'a feed 3 % above its pools',
      assetId: 'LINK',
      spoil: (devnet) => setFeedAnswer(devnet, 'LINK', { price: startPrice('LINK') * 1.03 }),
    },
    {
      name: 'pools that somebody moved by 30 %',
      assetId: 'LINK',
      spoil: (devnet) => makeDearer(devnet, 'LINK', -3_000),
    },
    {
      name: 'a stable coin at 0.97',
      assetId: 'USDT',
      spoil: (devnet) => setFeedAnswer(devnet, 'USDT', { price: 0.97 }),
    },
  ]
  for (const { name, assetId, spoil } of cases) {
    test(`behaviour: ${name}: nothing of it is traded, and how far off its pools are is told`, async ({
      app,
      devnet,
      problems,
      wallet,
    }) => {
      const before = await takeLedger(devnet, wallet.account())
      await spoil(devnet)
      await app.open()
      await app.connect()
      await app.setTargets({ ETH: '70', [assetId]: '30' })
      await app.plan()
      await expect(app.legs).not.toContainText(assetId)
      await expect(app.main.getByRole('list', { name: 'Not traded' })).toContainText(assetId)
      await app.explain()
      const leftOut = app.main.getByRole('list', { name: 'Pools left out' })
      await expect(leftOut).toContainText('Priced too far from the feeds')
      await expect(leftOut).toContainText(/% off/)
      expect(wallet.sendRequests()).toEqual([])
      await expectNothingLost({ app, problems, before }, { screen: 'Rebalance' })
    })
  }
})
