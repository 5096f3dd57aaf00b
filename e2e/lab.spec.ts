import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright/test'
import { usualTargets } from './driver'
import { expect, test } from './fixtures'

async function expectAccessible(page: Page, place: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-rk] [role="img"]').analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(found, place).toEqual([])
}

async function openLab(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Lab' }).click()
  await expect(page.getByRole('main').getByRole('heading', { name: 'Lab', level: 1 })).toBeVisible()
}

/** The cells of a line, without its head. */
async function readLine(table: Locator, name: string): Promise<readonly string[]> {
  const line = table.getByRole('row', { name: new RegExp(`^${name}`) })
  await expect(line).toBeVisible()
  return line.getByRole('cell').allInnerTexts()
}

test.describe('without a wallet', () => {
  test.use({ isWalletPresent: false })

  test('default', async ({ app: { main, page, button, open }, site, wallet }) => {
    await open()
    await openLab(page)
    const bands = main.getByRole('table', { name: 'Suggested bands' })
    await expect(bands.getByRole('row', { name: /^ETH/ })).toContainText(/\d\.\d\d pp/)
    await expect(main).toContainText('6 Jul 2021')
    const before = await readLine(bands, 'ETH')
    await main.getByRole('textbox', { name: 'Gas of a rebalance' }).fill('80')
    await expect.poll(() => readLine(bands, 'ETH')).not.toEqual(before)

    await button('Run back-test').click()
    const rules = main.getByRole('table', { name: 'Rules compared' })
    await expect(rules).toBeVisible()
    const [held = '', ...rebalanced] = await readLine(rules, 'Final value')
    expect([held, ...rebalanced].every((text) => /^\$[\d,]+\.\d\d$/.test(text))).toBe(true)
    expect(new Set([held, ...rebalanced]).size).toBe(5)
    expect((await readLine(rules, 'Cost'))[0]).toBe('$0.00')
    await expect(main.getByRole('region', { name: 'Result of the back-test', exact: true })).toContainText(
      /ended \$[\d,.]+ .* (above|below) holding/,
    )
    await main.getByText('In figures').first().click()
    await expect(main.getByRole('table', { name: 'Worth in figures' }).getByRole('row')).toHaveCount(14)
    await expectAccessible(page, 'lab')
    expect(site.rpc.calls, 'nothing is read from the chain for an example').toEqual([])
    expect(wallet.requests).toEqual([])
  })

  test('behaviour: a long run says how far it is, and ends when it is cancelled', async ({
    app: { main, page, button, open },
  }) => {
    await open('/lab/')
    await main.getByRole('combobox', { name: 'Prices' }).selectOption({ label: 'Drawn prices, from a seed' })
    await main.getByRole('combobox', { name: 'Step' }).selectOption({ label: 'An hour' })
    await main.getByRole('textbox', { name: 'Markets' }).fill('250')
    await button('Run back-test').click()
    await expect(main.getByRole('progressbar', { name: 'Back-tests done' })).toBeVisible()
    await button('Cancel').click()
    await expect(main.getByText('Cancelled. Nothing was kept of it.')).toBeVisible()
    await expect(main.getByRole('table', { name: 'Rules compared' })).toBeHidden()
    await main.getByRole('textbox', { name: 'Markets' }).fill('2')
    await button('Run back-test').click()
    await expect(main.getByRole('table', { name: 'Rules compared' })).toContainText('Mean of 2')
    await expectAccessible(page, 'lab with drawn prices')
  })

  test('behaviour: what is typed wrongly is said beside it', async ({ app: { main, button, open } }) => {
    await open('/lab/')
    const portfolio = main.getByRole('textbox', { name: 'Portfolio, in percent' })
    await portfolio.fill('ETH 60, USDC 30')
    await expect(main).toContainText('The weights sum to 90 %. Add 10 %.')
    await expect(button('Run back-test')).toBeDisabled()
    await portfolio.fill('ETH 60, USDC 40')
    await expect(button('Run back-test')).toBeEnabled()
  })

  test('behaviour: without the daily prices the triggers stay, and it is said what is missing', async ({
    app: { main, page, errorCode, open },
    problems,
  }) => {
    problems.allow(/status of 404/)
    await page.route('**/lab/prices-daily.json', (route) => route.fulfill({ status: 404, body: '' }))
    await open('/lab/')
    await expect(errorCode('pricesMissing')).toBeVisible()
    await expect(main.getByRole('table', { name: 'Suggested bands' })).toContainText(/\d\.\d\d pp/)
  })
})

test('behaviour: an account’s bands are taken over after saying what changes', async ({ app, page }) => {
  const { main, button } = app
  await app.open()
  await app.connect()
  await app.setTargets(usualTargets)
  await openLab(page)
  await expect(main.getByRole('textbox', { name: 'Portfolio, in percent' })).toHaveValue(/ETH 35/)
  await expect(main.getByRole('region', { name: 'Tracking error now' })).toBeVisible()
  await button('Use these bands').click()
  await expect(main.getByRole('region', { name: 'What changes' })).toContainText('ETH: band 0.50 pp →')
  await button('Save bands').click()
  await expect(main).toContainText('Saved on this device.')
  await expectAccessible(page, 'lab of an account')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 780 }, isWalletPresent: false })

  test('behaviour: it fits', async ({ app: { main, page, button, open } }) => {
    await open('/lab/')
    await expect(main.getByRole('table', { name: 'Suggested bands' })).toBeVisible()
    await button('Run back-test').click()
    await expect(main.getByRole('table', { name: 'Rules compared' })).toBeVisible()
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })
})
