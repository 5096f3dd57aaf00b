import { AxeBuilder } from '@axe-core/playwright'
import { devices, type Page } from 'playwright/test'
import { usualTargets } from './driver'
import { expect, test } from './fixtures'

async function expectAccessible(page: Page, place: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-rk] [role="img"]').analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(found, place).toEqual([])
}

async function expectNoSidewaysScroll(page: Page, place: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow, `${place} is wider than the screen`).toBeLessThanOrEqual(0)
}

test.describe('without a wallet', () => {
  test.use({ isWalletPresent: false })

  test('default', async ({ app, page, site, wallet }) => {
    await app.open()
    await expect(app.main.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(app.button('Connect wallet')).toBeVisible()
    await expect(app.button('Watch address')).toBeVisible()
    await expect(app.main).toContainText('asks you to sign a message, it is not us')
    await page.waitForLoadState('networkidle')
    expect(site.rpc.calls, 'nothing is read before somebody is there').toEqual([])
    expect(wallet.requests).toEqual([])
    await expectAccessible(page, 'landing')
  })

  test('behaviour: the content is there before any script runs', async ({ site }) => {
    const html = await (await fetch(site.url)).text()
    expect(html).toContain('Connect wallet')
    expect(html).toContain('Watch address')
  })

  test('behaviour: an address is watched, read only', async ({ app, devnet, page, wallet }) => {
    const address = devnet.accounts.users[2]?.address ?? devnet.accounts.demo.address
    await app.open()
    await app.button('Watch address').click()
    const dialog = page.getByRole('dialog', { name: 'Watch an address' })
    const box = dialog.getByRole('textbox', { name: 'Address' })
    const watch = dialog.getByRole('button', { name: 'Watch', exact: true })
    for (const wrong of ['', '0x123', 'vitalik', `${address.slice(0, -1)}g`, address.replace('C', 'c')]) {
      await box.fill(wrong)
      await watch.click()
      await expect(dialog.getByRole('alert'), wrong).not.toBeEmpty()
    }
    await box.fill(address)
    await watch.click()
    await expect(app.main.getByRole('table', { name: 'Holdings' })).toBeVisible()
    await expect(app.main).toContainText('read only')
    await app.setTargets(usualTargets)
    await app.plan()
    await expect(app.button('Connect wallet')).toBeVisible()
    await expect(app.button('Review')).toBeHidden()
    await page.reload()
    await expect(app.legs).toBeVisible()
    expect(wallet.requests).toEqual([])
  })
})

test('behaviour: every screen of the job is accessible', async ({ app, page }) => {
  await app.open()
  await app.connect()
  await expect(app.main.getByRole('table', { name: 'Holdings' })).toBeVisible()
  await expectAccessible(page, 'portfolio without targets')
  await app.openTargets()
  await expectAccessible(page, 'targets editor')
  await page.keyboard.press('Escape')
  await app.setTargets(usualTargets)
  await expectAccessible(page, 'portfolio')
  await app.plan()
  await expectAccessible(page, 'plan')
  await expect(app.frontier).toBeVisible()
  await app.explain()
  await expectAccessible(page, 'plan with its proof')
  await app.review()
  await expectAccessible(page, 'review')
  await app.sign()
  await app.expectRebalanced()
  await expect(app.main.getByRole('table', { name: 'Quoted and received' })).toBeVisible()
  await expectAccessible(page, 'receipt')
})

test('behaviour: the connect dialog is accessible and closes on Esc', async ({ app, page }) => {
  await app.open()
  const dialog = await app.openDialog()
  await expect(dialog.getByRole('button', { name: 'Test wallet' })).toBeVisible()
  await expectAccessible(page, 'connect dialog')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test.describe('on a phone', () => {
  const { userAgent, isMobile, hasTouch, deviceScaleFactor } = devices['iPhone 14']
  test.use({ viewport: { width: 390, height: 844 }, userAgent, isMobile, hasTouch, deviceScaleFactor })
  test.use({ isWalletPresent: false })

  test('behaviour: the whole job fits', async ({ app, page }) => {
    const prompt = page.getByRole('dialog', { name: 'Demo wallet' })
    const confirm = () => prompt.getByRole('button', { name: 'Confirm' }).click()
    await app.open()
    await expectNoSidewaysScroll(page, 'landing')
    await app.connect('Demo wallet')
    await confirm()
    await expect(app.main.getByRole('table', { name: 'Holdings' })).toBeVisible()
    await expectNoSidewaysScroll(page, 'portfolio')
    await app.setTargets(usualTargets)
    await app.plan()
    await expectNoSidewaysScroll(page, 'plan')
    await expect(app.frontier).toBeVisible()
    await app.explain()
    await expectNoSidewaysScroll(page, 'plan with its proof')
    await app.review()
    await expectNoSidewaysScroll(page, 'review')
    await app.sign()
    await expect(prompt).toBeVisible()
    await expectNoSidewaysScroll(page, 'prompt')
    await confirm()
    await app.expectRebalanced()
    await expectNoSidewaysScroll(page, 'receipt')
    await expectAccessible(page, 'receipt on a phone')
  })
})
