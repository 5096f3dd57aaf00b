import { nativeAddress } from '@/lib/core/asset'
import { dealToken } from '../devnet/control/balances'
import { startServer } from '../scripts/serve.mjs'
import { usualTargets } from './driver'
import { buildFolder, expect, test } from './fixtures'
import { makeDearer } from './marketMoves'

const networkErrors = /Failed to load resource/

test.describe('targets', () => {
  test.beforeEach(async ({ app }) => {
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.openTargets()
  })

  const refusals = [
    { name: 'a negative weight', text: '-5', says: 'not negative' },
    { name: 'no number', text: 'NaN', says: 'in digits' },
    { name: 'an exponent', text: '1e3', says: 'in digits' },
    { name: 'infinity', text: 'Infinity', says: 'in digits' },
    { name: 'digits of another script', text: '١٢', says: 'in digits' },
    { name: 'too many decimals', text: '12.345', says: 'at most 2 decimals' },
    { name: 'more than all', text: '1000', says: 'at most 100' },
    { name: 'nothing', text: '', says: 'Enter a weight' },
  ]
  test('error: a weight that cannot be read', async ({ app }) => {
    const box = app.targetsDialog.getByRole('textbox', { name: 'Target for LINK', exact: true })
    for (const { name, text, says } of refusals) {
      await box.fill(text)
      await expect(box, name).toHaveAttribute('aria-invalid', 'true')
      await expect(box, name).toHaveAccessibleDescription(new RegExp(says))
      await expect(app.errorCode('targets-unreadable'), name).toHaveRole('alert')
      await expect(app.targetsDialog.getByRole('button', { name: 'Save targets' }), name).toBeDisabled()
    }
    await box.fill('10')
    await expect(app.targetsDialog.getByRole('button', { name: 'Save targets' })).toBeEnabled()
  })

  test('error: weights that do not sum to 100 %', async ({ app, page }) => {
    const box = app.targetsDialog.getByRole('textbox', { name: 'Target for LINK', exact: true })
    const save = app.targetsDialog.getByRole('button', { name: 'Save targets' })
    await box.fill('9.99')
    await expect(app.targetsDialog).toContainText('Give out 0.01 % more to save')
    await expect(save).toBeDisabled()
    await box.fill('10.01')
    await expect(app.errorCode('targets-over')).toContainText('Take off 0.01 % to save')
    await expect(save).toBeDisabled()
    await page.keyboard.press('Escape')
    await expect(app.targetsDialog).toBeHidden()
    await page.reload()
    await app.openTargets()
    await expect(box).toHaveValue('10')
  })

  test('error: a token that is not listed', async ({ app }) => {
    const box = app.targetsDialog.getByRole('combobox', { name: 'Add asset' })
    const rows = app.targetsDialog.getByRole('textbox', { name: /^Target for / })
    const count = await rows.count()
    for (const text of ['DOGE', '0x000000000000000000000000000000000000dEaD', '<img src=x>']) {
      await box.fill(text)
      await expect(app.targetsDialog).toContainText(`No listed asset matches “${text}”`)
      await box.press('Enter')
      await expect(rows).toHaveCount(count)
    }
    await box.fill('comp')
    await box.press('Enter')
    await expect(rows).toHaveCount(count + 1)
  })
})

test('behaviour: a pool that moved gives a fresh plan', async ({ app, devnet }) => {
  await app.beginPlan()
  const planned = await app.readPlannedChanges()
  await makeDearer(devnet, 'LINK', 50)
  await app.button('Refresh').click()
  await expect(app.main.getByRole('note').filter({ hasText: 'Planned again at block' })).toContainText('pools traded')
  const again = await app.readPlannedChanges()
  expect(again.LINK).toBeGreaterThan(0n)
  expect(again.LINK).not.toBe(planned.LINK)
  await app.review()
  await app.sign()
  await app.expectRebalanced()
})

test.describe('an empty wallet', () => {
  test('default', async ({ app, devnet, wallet }) => {
    const account = devnet.accounts.emptyHanded.address
    await dealToken(devnet, { token: nativeAddress, account, amount: 0n })
    await wallet.selectAccount(account)
    await app.open()
    await app.connect()
    await expect(app.main.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible()
    await app.setTargets({ ETH: '50', USDC: '50' })
    await app.button('Plan rebalance').click()
    await expect(app.errorCode('emptyWallet')).toHaveRole('alert')
    await expect(app.button('Review')).toBeDisabled()
    expect(wallet.signatures()).toHaveLength(0)
  })
})

test.describe('the configuration', () => {
  const cases = [
    { name: 'it is missing', code: 'config-missing', runtimeConfig: undefined },
    { name: 'it has another version', code: 'config-wrongShape', runtimeConfig: { version: 2, chains: [] } },
    {
      name: 'it names no chain that is known',
      code: 'config-noKnownChain',
      runtimeConfig: { version: 1, chains: [{ chainId: 424242, rpcUrls: ['http://127.0.0.1:1'] }] },
    },
  ]
  for (const { name, code, runtimeConfig } of cases) {
    test(`error: ${name}`, async ({ app, page, problems }) => {
      problems.allow(networkErrors)
      const server = await startServer({
        ...(buildFolder === undefined ? {} : { folder: buildFolder }),
        ...(runtimeConfig === undefined ? {} : { runtimeConfig }),
      })
      problems.allow(new RegExp(`to a stranger: ${server.url}/`))
      try {
        await page.goto(server.url)
        await app.connect()
        await app.expectConnected()
        await expect(app.errorCode(code)).toHaveRole('alert')
        await page.goto(`${server.url}/rebalance/`)
        await expect(app.errorCode(code)).toHaveRole('alert')
      } finally {
        await server.stop()
      }
    })
  }
})
