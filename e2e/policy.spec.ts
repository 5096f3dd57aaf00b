import type { Locator } from 'playwright/test'
import { parseUnits } from 'viem'
import { type AppDriver, usualTargets } from './driver'
import { expect, test } from './fixtures'
import { readLedger } from './ledger'

/** Opens the limits of one asset in the editor. */
async function openLimits({ targetsDialog }: AppDriver, symbol: string): Promise<Locator> {
  await targetsDialog.getByRole('button', { name: `Limits for ${symbol}`, exact: true }).click()
  const limits = targetsDialog.getByRole('region', { name: `Limits for ${symbol}` })
  await expect(limits).toBeVisible()
  return limits
}

async function setParticipation(app: AppDriver, symbol: string, text: string) {
  const limits = await openLimits(app, symbol)
  await limits.getByRole('combobox', { name: `Participation of ${symbol}` }).selectOption({ label: text })
}

async function save({ targetsDialog }: AppDriver) {
  await targetsDialog.getByRole('button', { name: 'Save targets' }).click()
  await expect(targetsDialog).toBeHidden()
}

/** What the plan is for, and of how much. */
async function chooseMode({ main }: AppDriver, name: string, amount: string) {
  await main.getByRole('radiogroup', { name: 'What the plan is for' }).getByText(name, { exact: true }).click()
  await expect(main.getByRole('radio', { name, exact: true })).toBeChecked()
  await main.getByRole('textbox', { name: 'Amount' }).fill(amount)
}

const usdc = (amount: string) => parseUnits(amount, 6)

test.describe('limits for single assets', () => {
  test('behaviour: a locked asset counts and is not traded', async ({ app, devnet, wallet, page }) => {
    const before = await readLedger(devnet, wallet.account())
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.openTargets()
    await setParticipation(app, 'LINK', 'Locked: counts, never traded')
    await save(app)
    await expect(app.holding('LINK')).toContainText('locked')
    await page.reload()
    await expect(app.holding('LINK')).toContainText('locked')
    await app.plan()
    await expect(app.main).toContainText('1 asset has limits of its own')
    await expect(app.main.getByRole('list', { name: 'Not traded' })).toContainText('Locked by you')
    const planned = await app.readPlannedChanges()
    expect(planned).not.toHaveProperty('LINK')
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    const after = await readLedger(devnet, wallet.account())
    expect(after.balances.LINK).toBe(before.balances.LINK)
    expect(after.nonce).toBeGreaterThan(before.nonce)
  })

  test('behaviour: an excluded asset has no weight and is in no plan', async ({ app }) => {
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.openTargets()
    await setParticipation(app, 'LINK', 'Excluded: does not count')
    await expect(app.targetsDialog.getByRole('textbox', { name: 'Target for LINK', exact: true })).toBeHidden()
    await expect(app.targetsDialog).toContainText('Give out 10.0 % more to save')
    await app.targetsDialog.getByRole('textbox', { name: 'Target for ETH', exact: true }).fill('45')
    await save(app)
    await expect(app.holding('LINK')).toContainText('excluded')
    await expect(app.holding('LINK')).toContainText('Does not count')
    await app.openTargets()
    await expect(app.targetsDialog).toContainText('no weight')
    await app.page.keyboard.press('Escape')
    await app.plan()
    expect(await app.readPlannedChanges()).not.toHaveProperty('LINK')
  })

  test('error: limits that contradict each other are named beside their fields, and nothing is saved', async ({
    app,
    page,
  }) => {
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.openTargets()
    const button = app.targetsDialog.getByRole('button', { name: 'Limits for ETH', exact: true })
    await button.focus()
    await page.keyboard.press('Enter')
    const maximum = app.targetsDialog.getByRole('textbox', { name: 'Maximum weight of ETH' })
    const minimum = app.targetsDialog.getByRole('textbox', { name: 'Minimum weight of ETH' })
    await maximum.fill('20')
    await expect(maximum).toHaveAttribute('aria-invalid', 'true')
    await expect(maximum).toHaveAccessibleDescription(/Lower the target or raise the maximum/)
    await minimum.fill('x')
    await expect(minimum).toHaveAccessibleDescription(/in digits/)
    await expect(app.errorCode('targets-limits')).toHaveRole('alert')
    await expect(app.errorCode('targets-limits')).toContainText('Minimum weight of ETH')
    await expect(app.errorCode('targets-limits')).toContainText('ETH has a target of')
    await expect(app.targetsDialog.getByRole('button', { name: 'Save targets' })).toBeDisabled()
    await minimum.fill('')
    await maximum.fill('40')
    await save(app)
    await app.openTargets()
    await expect(app.targetsDialog).toContainText('max 40 %')
  })

  test('behaviour: scope, reserve and caps are kept, said on the plan, and held', async ({ app }) => {
    await app.open()
    await app.connect()
    await app.setTargets(usualTargets)
    await app.openTargets()
    const dialog = app.targetsDialog
    await dialog.locator('summary').filter({ hasText: 'Limits' }).click()
    await dialog.getByRole('combobox', { name: 'Scope' }).selectOption({ label: 'Only what is out of band' })
    await dialog.getByRole('combobox', { name: 'Destination' }).selectOption({ label: 'Half-way to the target' })
    await dialog.getByRole('textbox', { name: 'Cash reserve' }).fill('1000.0000001')
    await expect(dialog.getByRole('textbox', { name: 'Cash reserve' })).toHaveAccessibleDescription(
      /at most 6 decimals/,
    )
    await dialog.getByRole('textbox', { name: 'Cash reserve' }).fill('1000')
    await dialog.getByRole('textbox', { name: 'Turnover cap' }).fill('10')
    await dialog.getByRole('textbox', { name: 'Minimum trade' }).fill('25')
    await save(app)
    await app.openTargets()
    await expect(dialog).toContainText(
      'only out of band · half-way · keeps 1000 USDC · sells at most 10 % · trades from $25',
    )
    await app.page.keyboard.press('Escape')
    await app.plan()
    await expect(app.main).toContainText('Only what is out of band moves, half-way to its target. At most 10 %')
    await expect(app.main.getByRole('link', { name: 'Change limits' })).toBeVisible()
  })
})

test.describe('what a plan is for', () => {
  test('behaviour: invest cash spends the amount, and only cash', async ({ app, devnet, wallet }) => {
    const before = await readLedger(devnet, wallet.account())
    await app.beginPlan()
    await chooseMode(app, 'Invest cash', '1000')
    await expect(app.main).toContainText('Spends 1,000 USDC on what is furthest below its target.')
    const planned = await app.readPlannedChanges()
    expect(Object.entries(planned).filter(([, change]) => change < 0n)).toEqual([['USDC', -usdc('1000')]])
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    const after = await readLedger(devnet, wallet.account())
    for (const [symbol, amount] of Object.entries(before.balances)) {
      if (symbol === 'USDC') expect(after.balances[symbol]).toBe(amount - usdc('1000'))
      // Ether pays the gas.
      else if (symbol !== 'ETH') expect(after.balances[symbol] ?? 0n, symbol).toBeGreaterThanOrEqual(amount)
    }
  })

  test('behaviour: raise cash ends with at least the amount', async ({ app, devnet, wallet }) => {
    const before = await readLedger(devnet, wallet.account())
    await app.beginPlan()
    await chooseMode(app, 'Raise cash', '750.5')
    await expect(app.main).toContainText('so that at least 750.5 USDC more are in the wallet')
    await app.review()
    await app.sign()
    await app.expectRebalanced()
    const after = await readLedger(devnet, wallet.account())
    expect((after.balances.USDC ?? 0n) - (before.balances.USDC ?? 0n)).toBeGreaterThanOrEqual(usdc('750.5'))
  })

  test('behaviour: withdraw sells of everything, and the plan goes back to a rebalance', async ({ app }) => {
    await app.beginPlan()
    await chooseMode(app, 'Withdraw', '2000')
    await expect(app.main).toContainText('so that 2,000 USDC can leave and the weights stay')
    await expect(app.legs).toBeVisible()
    const planned = await app.readPlannedChanges()
    expect(
      Object.entries(planned)
        .filter(([, change]) => change > 0n)
        .map(([assetId]) => assetId),
    ).toEqual(['USDC'])
    await app.main.getByRole('radiogroup').getByText('Rebalance', { exact: true }).click()
    await expect(app.main).toContainText('Everything moves to its target.')
    await expect(app.legs).toBeVisible()
  })

  test('error: an amount that is none, or more than there is', async ({ app }) => {
    await app.beginPlan()
    await chooseMode(app, 'Invest cash', '')
    await expect(app.main).toContainText('Enter how much USDC to invest')
    await expect(app.button('Review')).toBeHidden()
    const amount = app.main.getByRole('textbox', { name: 'Amount' })
    await amount.fill('1e3')
    await expect(amount).toHaveAccessibleDescription(/in digits/)
    await amount.fill('999999999')
    await expect(app.errorCode('cashShort')).toHaveRole('alert')
    await expect(app.button('Review')).toBeDisabled()
    await app.button(/^Use .* USDC$/).click()
    await expect(app.legs).toBeVisible()
    await amount.fill('')
    await app.button('All USDC').click()
    await expect(amount).not.toHaveValue('')
    await expect(app.legs).toBeVisible()
  })
})
