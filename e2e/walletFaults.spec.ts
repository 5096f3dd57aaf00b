import type { Page } from 'playwright/test'
import { localChainId } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import { toAccountKey } from '@/lib/storage/accountStores'
import { dealToken } from '../devnet/control/balances'
import { localAsset } from '../devnet/pools'
import { sendBatch } from '../devnet/rpc'
import type { Devnet } from '../devnet/startDevnet'
import { holdBlocks, releaseBlocks } from './blocks'
import { type AppDriver, driveApp, usualTargets } from './driver'
import { expect, test as plainTest } from './fixtures'
import { expectChainSafe, expectNothingLost, takeLedger } from './oracle'
import { openPlan, openReview, test } from './wallet/earlierVisit'
import type { TestWallet, WalletAnswer } from './wallet/testWallet'

/** What trading may cost at most, at the feeds of before. */
const lossBps = 100n
const never = () => new Promise<never>(() => undefined)
const refuse = (code: number, message = 'No.'): WalletAnswer => ({ error: { code, message } })

const sendsOf = (wallet: TestWallet, method: string) => wallet.requests.filter((request) => request.method === method)

function secondUser({ accounts }: Devnet): `0x${string}` {
  const [, , second] = accounts.users
  if (second === undefined) throw new RangeError('The chain has users.')
  return second.address
}

const steps = ({ main }: AppDriver) => main.getByRole('list', { name: 'Steps' })

test.describe('a wallet that says no', () => {
  const refusals: readonly (readonly [name: string, answer: WalletAnswer, code: string, role: 'note' | 'alert'])[] = [
    ['4001', refuse(4001), 'rejected', 'note'],
    ['5750', refuse(5750), 'rejected', 'note'],
    ['4100', refuse(4100), 'walletLocked', 'alert'],
    ['4900', refuse(4900), 'unreachable', 'alert'],
    ['4901', refuse(4901), 'wrongChain', 'alert'],
    ['-32603', refuse(-32603), 'unknown', 'alert'],
    ['a text', { thrown: 'no' }, 'unknown', 'alert'],
    ['undefined', { thrown: undefined }, 'unknown', 'alert'],
    ['a huge message', refuse(-32603, 'x'.repeat(1_000_000)), 'unknown', 'alert'],
    ['-32002', refuse(-32002), 'walletPending', 'alert'],
  ]

  test('F-18: each has its own words, and leads back to the review', async ({ app, before, problems, wallet }) => {
    await openReview(app)
    let answer = refuse(0)
    wallet.answerWith('wallet_sendCalls', () => answer)
    for (const [name, refusal, code, role] of refusals) {
      answer = refusal
      await app.sign()
      await expect(app.errorCode(code), name).toHaveRole(role)
      await expect(app.button('Sign and send'), name).toBeEnabled()
      expect((await app.main.innerText()).length, name).toBeLessThan(20_000)
    }
    expect(sendsOf(wallet, 'wallet_sendCalls')).toHaveLength(refusals.length)
    expect(wallet.signatures()).toEqual([])
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Review', code: 'walletPending', afterReload: { screen: 'Rebalance' } },
    )
  })

  test('F-29: without batches at the last moment the other way is taken only when asked for', async ({
    app,
    before,
    problems,
    wallet,
  }) => {
    await openReview(app)
    for (const code of [5760, 5710, -32601]) {
      wallet.answerWith('wallet_sendCalls', () => refuse(code))
      await app.sign()
      await expect(app.errorCode('batchUnsupported'), `${code}`).toHaveRole('alert')
      await expect(app.button('Sign and send'), `${code}`).toBeEnabled()
    }
    expect(sendsOf(wallet, 'wallet_sendCalls')).toHaveLength(3)
    expect(wallet.signatures()).toEqual([])
    await app.button('Use approvals and one swap').click()
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    expect(new Set(wallet.signatures().map(({ kind }) => kind))).toEqual(new Set(['transaction']))
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
  })

  test('F-19: no answer for 90 seconds leads to the wallet; a locked one is named', async ({
    app,
    before,
    page,
    problems,
    wallet,
  }) => {
    await page.clock.install()
    await openReview(app)
    wallet.answerWith('eth_accounts', () => ({ result: [] }))
    await app.sign()
    await expect(app.errorCode('walletLocked')).toHaveRole('alert')
    wallet.answerWith('eth_accounts')
    expect(wallet.sendRequests()).toEqual([])

    const prompt = wallet.holdNext()
    await app.sign()
    await prompt.shown
    await expect(app.main).toContainText('Confirm in your wallet')
    await page.clock.fastForward(91_000)
    await expect(app.errorCode('noAnswerYet')).toHaveRole('note')
    await expect(app.main.getByRole('alert')).toHaveCount(0)
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Signing', code: 'noAnswerYet', afterReload: { screen: 'Signing', code: 'interrupted' } },
    )
    prompt.approve()
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toHaveLength(1)
    await expectChainSafe(before, { lossBps })
  })
})

test.describe('a wallet that changes in mid-flow', () => {
  test('F-10: another account between the click and the request stops it', async ({
    app,
    before,
    devnet,
    problems,
    wallet,
  }) => {
    await openReview(app)
    const second = secondUser(devnet)
    const secondBefore = await takeLedger(devnet, second)
    wallet.answerWith('eth_accounts', async (_, pass) => {
      wallet.answerWith('eth_accounts')
      await wallet.selectAccount(second)
      return pass()
    })
    await app.sign()
    await expect(app.main).toContainText('No targets yet')
    await expect(app.button('Sign and send')).toBeHidden()
    expect(wallet.signatures()).toEqual([])
    await wallet.selectAccount(before.account)
    await expect(app.errorCode('accountChanged')).toBeVisible()
    await expectNothingLost(
      { app, problems, before },
      { screen: 'Rebalance', code: 'accountChanged', afterReload: { screen: 'Rebalance' } },
    )
    await expectChainSafe(secondBefore)
    expect(wallet.sendRequests()).toEqual([])
  })

  test('F-11: another chain at three points, and one that the wallet denies', async ({
    app,
    before,
    problems,
    wallet,
  }) => {
    await openReview(app)
    // At the review.
    await wallet.selectChain(1)
    await expect(app.button('Switch to Local chain')).toBeVisible()
    await expect(app.button('Sign and send')).toBeHidden()
    await wallet.selectChain(localChainId)
    // Its event says one chain, its answer another.
    wallet.answerWith('eth_chainId', () => ({ result: '0x1' }))
    await app.sign()
    await expect(app.errorCode('wrongChain')).toHaveRole('alert')
    wallet.answerWith('eth_chainId')
    // Between the click and the request.
    wallet.answerWith('eth_chainId', async (_, pass) => {
      wallet.answerWith('eth_chainId')
      await wallet.selectChain(1)
      return pass()
    })
    await app.sign()
    await expect(app.button('Switch to Local chain').first()).toBeVisible()
    await expect(app.errorCode('wrongChain')).toBeVisible()
    expect(wallet.sendRequests()).toEqual([])
    await expectChainSafe(before)
    await wallet.selectChain(localChainId)
    // While the prompt stands: the request names its chain, and is followed there.
    const prompt = wallet.holdNext()
    await app.sign()
    await prompt.shown
    await wallet.selectChain(1)
    prompt.approve()
    await app.expectRebalanced()
    expect(wallet.sendRequests()).toMatchObject([{ params: [{ chainId: '0x7a69' }] }])
    await wallet.selectChain(localChainId)
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
  })
})

/** Announces a wallet under somebody else's name, with an icon that tries to run a script. */
function announceImpostor({ rdns, name, uuid }: { rdns: string; name: string; uuid: string }): void {
  const scripted = `<svg xmlns="http://www.w3.org/2000/svg" onload="window.scriptRan=1;top.scriptRan=1"><script>top.scriptRan=1</script></svg>`
  const provider = {
    request: async () => Promise.reject(Object.assign(new Error('No.'), { code: 4001 })),
    on: () => undefined,
    removeListener: () => undefined,
  }
  const info = { uuid, rdns, name, icon: `data:image/svg+xml,${encodeURIComponent(scripted)}` }
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}

plainTest(
  'F-12: two wallets of one name are both listed, with a warning; an icon runs nothing',
  async ({ app, context, page, wallet }) => {
    const impostor = { rdns: 'io.metamask', name: 'MetaMask' }
    await context.addInitScript(announceImpostor, { ...impostor, uuid: 'f1' })
    await context.addInitScript(announceImpostor, { ...impostor, uuid: 'f2' })
    await context.addInitScript(announceImpostor, { rdns: 'test.ballast.wallet', name: 'Test wallet', uuid: 'f3' })
    await app.open()
    const dialog = await app.openDialog()
    const listed = (name: string) => dialog.getByRole('button', { name, exact: true })
    for (const name of ['MetaMask', 'MetaMask (2)', 'Test wallet', 'Test wallet (2)']) {
      await expect(listed(name).first(), name).toBeVisible()
    }
    await expect(app.errorCode('sharedWalletName')).toHaveCount(2)
    await expect(app.errorCode('sharedWalletName').first()).toContainText('2 wallets here call themselves')
    await listed('Test wallet').click()
    await app.expectConnected()
    expect(await page.evaluate(() => 'scriptRan' in window)).toBe(false)
    // Which of them it was cannot be told after a reload: nobody is connected unasked.
    await page.reload()
    await expect(app.button('Connect wallet').first()).toBeVisible()
    expect(wallet.sendRequests()).toEqual([])
  },
)

test('F-15: a hundred clicks, Enter, and two tabs at once are one request', async ({
  app,
  before,
  context,
  page,
  problems,
  wallet,
}) => {
  await openReview(app)
  const second = driveApp(await context.newPage())
  await openReview(second)
  const prompt = wallet.holdNext()
  const press = (tab: Page) =>
    tab.evaluate(() => {
      const buttons = [...document.querySelectorAll('main button')] as HTMLButtonElement[]
      const sign = buttons.find(({ textContent }) => textContent === 'Sign and send')
      sign?.focus()
      for (let click = 0; click < 100; click += 1) sign?.click()
    })
  await Promise.all([press(page), press(second.page)])
  await Promise.all([page.keyboard.press('Enter'), second.page.keyboard.press('Enter')])
  await prompt.shown
  await expect(steps(app)).toContainText('In your wallet')
  await expect(steps(second)).toContainText('In your wallet')
  prompt.approve()
  await Promise.all([app.expectRebalanced(), second.expectRebalanced()])
  expect(wallet.sendRequests()).toHaveLength(1)
  await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
  expect(wallet.sendRequests()).toHaveLength(1)
})

/** Takes away a part of a saved text, by its path. */
function withoutField(text: string, path: string): string {
  const saved: unknown = JSON.parse(text)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], saved)
  delete (parent as Record<string, unknown>)[last]
  return JSON.stringify(saved)
}

test('F-16: a journal with a hole never leads to a second request', async ({
  app,
  before,
  devnet,
  page,
  problems,
  wallet,
}) => {
  const key = `ballast.${toAccountKey('rebalance', { account: before.account, chainId: localChainId })}`
  await openReview(app)
  await holdBlocks(devnet)
  await app.sign()
  await expect(steps(app)).toContainText('Confirming')
  const whole = (await page.evaluate((name) => localStorage.getItem(name), key)) ?? ''
  for (const path of [
    'version',
    'value.plan',
    'value.record.bundle',
    'value.record.execution.id',
    'value.record.execution.steps',
    'value.record.execution.steps.0.state.id',
  ]) {
    const damaged = withoutField(whole, path)
    await page.evaluate(([name = '', text = '']) => localStorage.setItem(name, text), [key, damaged])
    await page.reload()
    await expect(app.legs, path).toBeVisible()
    expect(wallet.sendRequests(), path).toHaveLength(1)
  }
  // What was sent before is noticed on the chain.
  await app.review()
  await app.sign()
  await expect(app.errorCode('held-before')).toBeVisible()
  expect(wallet.sendRequests()).toHaveLength(1)
  await app.button('Back to the plan').click()
  await page.evaluate(([name = '', text = '']) => localStorage.setItem(name, text), [key, whole])
  await page.reload()
  await expect(steps(app)).toContainText('Confirming')
  await releaseBlocks(devnet)
  await app.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
  await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
})

test('F-17: whatever the wallet says of its batch, the chain has the last word', async ({
  app,
  before,
  devnet,
  problems,
  wallet,
}) => {
  const reports: readonly WalletAnswer[] = [
    refuse(5730),
    { result: { status: 'CONFIRMED' } },
    { result: { status: 200 } },
    { result: { status: 200, receipts: [] } },
    { result: { status: 500 } },
    { result: { status: 600, atomic: false } },
    { result: { status: 777 } },
    { result: null },
    { thrown: undefined },
  ]
  let asked = 0
  wallet.answerWith('wallet_getCallsStatus', () => {
    asked += 1
    return reports[asked - 1] ?? never()
  })
  await openReview(app)
  await holdBlocks(devnet)
  await app.sign()
  await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThan(reports.length)
  await expect(steps(app)).toContainText('Confirming')
  await expect(app.main.getByRole('alert')).toHaveCount(0)
  await releaseBlocks(devnet)
  await app.expectRebalanced()
  expect(wallet.sendRequests()).toHaveLength(1)
  await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
})

test('F-26: without money for gas nothing is asked', async ({ app, before, devnet, problems, wallet }) => {
  await openReview(app)
  const { account } = before
  const left = 10n ** 12n
  await dealToken(devnet, { token: nativeAddress, account, amount: left })
  await app.sign()
  await expect(app.errorCode('notEnoughGas')).toBeVisible()
  await expect(app.button('Review')).toBeDisabled()
  const fromOthers = { ETH: left - (before.ledger.balances.ETH ?? 0n) }
  await expectNothingLost({ app, problems, before }, { screen: 'Rebalance', code: 'notEnoughGas', fromOthers })
  expect(wallet.sendRequests()).toEqual([])
})

test('F-27: what the wallet calls too large is split, and the first part goes out', async ({
  app,
  before: _connected,
  page,
  wallet,
}) => {
  await openReview(app)
  let refused = 0
  wallet.answerWith('wallet_sendCalls', (_request, pass) => {
    refused += 1
    return refused === 1 ? refuse(5740) : pass()
  })
  await app.sign()
  await expect(app.errorCode('batchTooLarge')).toHaveRole('alert')
  await page.getByRole('button', { name: 'Split into smaller bundles' }).click()
  await expect(page.getByText(/Part 1 of \d/).first()).toBeVisible()
  await app.review()
  await app.sign()
  await app.expectRebalanced()
  const counts = wallet.requests
    .filter(({ method }) => method === 'wallet_sendCalls')
    .map(({ params }) => (params as readonly { readonly calls: readonly unknown[] }[])[0]?.calls.length ?? 0)
  expect(counts).toHaveLength(2)
  expect(counts[1]).toBeLessThan(counts[0] ?? 0)
})

test('F-27: too large for a block, or for the wallet: said before anything goes out', async ({
  app,
  before,
  devnet,
  problems,
  wallet,
}) => {
  await openReview(app)
  const limitGas = (limit: string) =>
    sendBatch(devnet.rpcUrl, [
      { method: 'evm_setBlockGasLimit', params: [limit] },
      { method: 'evm_mine', params: [] },
    ])
  await limitGas('0x493e0')
  await app.sign()
  await expect(app.errorCode('batchTooLarge')).toHaveRole('alert')
  expect(wallet.sendRequests()).toEqual([])
  await limitGas('0x3938700')
  wallet.answerWith('wallet_sendCalls', () => refuse(5740))
  await app.sign()
  await expect(app.errorCode('batchTooLarge')).toHaveRole('alert')
  expect(wallet.signatures()).toEqual([])
  await expectNothingLost(
    { app, problems, before },
    { screen: 'Review', code: 'batchTooLarge', afterReload: { screen: 'Rebalance' } },
  )
})

test('F-28: whatever a wallet says that it can do, the right way is chosen', async ({ app, before, page, wallet }) => {
  const key = `0x${localChainId.toString(16)}`
  const atomic = (status: string) => ({ atomic: { status } })
  const batch = /One signature: .*all or nothing/
  const single = /signatures: .*one by one/
  const forms: readonly (readonly [name: string, answer: WalletAnswer | 'never', way: RegExp])[] = [
    ['nothing', { result: {} }, single],
    ['all chains', { result: { '0x0': atomic('supported') } }, batch],
    ['ready', { result: { [key]: atomic('ready') } }, batch],
    ['unsupported', { result: { [key]: atomic('unsupported') } }, single],
    ['an upper-case key', { result: { '0X7A69': atomic('supported') } }, batch],
    ['another chain', { result: { '0x1': atomic('supported') } }, single],
    ['a refusal', refuse(-32601), single],
    ['undefined thrown', { thrown: undefined }, single],
    ['no answer for ten seconds', 'never', single],
  ]
  let answer: WalletAnswer | 'never' = 'never'
  wallet.answerWith('wallet_getCapabilities', () => (answer === 'never' ? never() : answer))
  for (const [name, form, way] of forms) {
    answer = form
    if (page.url() === 'about:blank') await app.open('/rebalance/')
    else await page.reload()
    await expect(app.legs, name).toBeVisible()
    await app.review()
    await expect(app.main, name).toContainText(way)
  }
  expect(wallet.sendRequests()).toEqual([])
  await expectChainSafe(before)
})

test('F-62: others pay in and take out while the wallet asks', async ({ app, before, devnet, problems, wallet }) => {
  const { account } = before
  const link = localAsset('LINK').poolToken.address
  const usdt = localAsset('USDT').poolToken.address
  const { LINK: heldLink = 0n, USDT: heldUsdt = 0n } = before.ledger.balances
  await openReview(app)
  const first = wallet.holdNext()
  await app.sign()
  await first.shown
  await dealToken(devnet, { token: link, account, amount: 0n })
  first.approve()
  await expect(app.errorCode('reverted')).toHaveRole('alert')
  await expect(app.errorCode('reverted')).toContainText('Nothing was traded')
  await expectNothingLost(
    { app, problems, before },
    { screen: 'Signing', code: 'reverted', fromOthers: { LINK: -heldLink } },
  )

  await app.button('Plan again').click()
  await expect(app.legs).toBeVisible()
  await app.review()
  const second = wallet.holdNext()
  await app.sign()
  await second.shown
  const paidIn = 2_000n * 10n ** 6n
  await dealToken(devnet, { token: usdt, account, amount: heldUsdt + paidIn })
  second.approve()
  await app.expectRebalanced()
  await expectNothingLost(
    { app, problems, before },
    { screen: 'Receipt', lossBps, fromOthers: { LINK: -heldLink, USDT: paidIn } },
  )
})

/** Takes the storage away, as a browser does that forbids it. */
function forbidStorage(): void {
  const forbidden = {
    get: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
  }
  Object.defineProperty(window, 'localStorage', { configurable: true, ...forbidden })
  Object.defineProperty(window, 'sessionStorage', { configurable: true, ...forbidden })
}

/** Leaves no room in the storage. */
function fillStorage(): void {
  Storage.prototype.setItem = () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
}

for (const [name, spoil] of [
  ['forbidden', forbidStorage],
  ['full', fillStorage],
] as const) {
  plainTest(
    `F-67: with storage ${name} all works, and it is said that a reload forgets`,
    async ({ app, context, devnet, problems, wallet }) => {
      await context.addInitScript(spoil)
      await app.open()
      await app.connect()
      await app.setTargets(usualTargets)
      const before = await takeLedger(devnet, wallet.account())
      await app.plan()
      await expect(app.errorCode('notRemembered')).toContainText('This browser cannot remember pending work')
      await app.review()
      await app.sign()
      await app.expectRebalanced()
      await expectNothingLost(
        { app, problems, before },
        { screen: 'Receipt', code: 'notRemembered', lossBps, afterReload: {} },
      )
      await expect(app.main).toContainText('A plan is made from what a wallet holds')
      expect(wallet.sendRequests()).toHaveLength(1)
    },
  )
}

test('F-67: among ten thousand random entries nothing is lost and nothing is sent', async ({
  app,
  before,
  page,
  problems,
  wallet,
}) => {
  const owner = { account: before.account, chainId: localChainId }
  const known = ['rebalance', 'settings', 'pools', 'activity'].map((name) => `ballast.${toAccountKey(name, owner)}`)
  await openPlan(app)
  const count = await page.evaluate((names) => {
    const texts = [
      '',
      'null',
      '[]',
      '{}',
      '{"version":2}',
      '{"version":1,"value":{}}',
      '\u0000',
      '{"__proto__":{"x":1}}',
    ]
    const values = ['{"record":{}}', '{"record":{"execution":{"steps":[{}]}}}', '[[[]]]', '1e999', '"x"', 'true']
    for (let version = 0; version < 4; version += 1) {
      for (const value of values) texts.push(`{"version":${version},"value":${value}}`)
    }
    let seed = 1
    const pick = (limit: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % limit
    }
    for (const name of names) localStorage.setItem(name, texts[pick(texts.length)] ?? '')
    for (let entry = 0; entry < 10_000; entry += 1) {
      const name = names[pick(names.length)] ?? ''
      localStorage.setItem(`${name}.0x${entry.toString(16).padStart(64, '0')}`, texts[pick(texts.length)] ?? '')
    }
    return localStorage.length
  }, known)
  expect(count).toBeGreaterThan(10_000)
  await page.reload()
  await expect(app.legs).toBeVisible()
  await app.open('/activity/')
  await expect(app.main.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
  expect(await page.evaluate(() => 'x' in {})).toBe(false)
  expect(wallet.sendRequests()).toEqual([])
  await openReview(app)
  await app.sign()
  await app.expectRebalanced()
  await expectNothingLost({ app, problems, before }, { screen: 'Receipt', lossBps })
})
