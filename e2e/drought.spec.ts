import { thinPool } from '../devnet/control/pools'
import { seededContractPools } from '../devnet/pools'
import { expect, test } from './fixtures'

test.describe('pools that are thin for a plan', () => {
  test.beforeEach(async ({ devnet }) => {
    for (const pool of seededContractPools.filter(({ assets }) => assets.includes('MKR'))) {
      await thinPool(devnet, pool, 2_000)
    }
  })

  test('behaviour: going on takes a typed word', async ({ app, page, wallet }) => {
    await app.beginPlan()
    const notice = app.errorCode('drought')
    await expect(notice).toContainText('Thin pools for ETH → MKR')
    await expect(notice).toContainText(
      /its 2 pools take \$[\d,.]+ within 2 % of the price, under ten times the \$[\d,.]+/,
    )
    await app.button('Review').click()
    await expect(app.main.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible()
    await expect(app.errorCode('droughtGate')).toContainText('ETH → MKR')
    await expect(app.button('Sign and send')).toBeDisabled()
    const box = page.getByRole('textbox', { name: 'Type drought to go on' })
    await box.fill('yes')
    await expect(app.button('Sign and send')).toBeDisabled()
    await expect(app.main).toContainText('Type the word first.')
    await box.fill('drought')
    await app.sign()
    await app.expectRebalanced()
    expect(wallet.signatures()).toHaveLength(1)
  })

  test('behaviour: skipped or split, for this plan only', async ({ app }) => {
    await app.beginPlan()
    await app.button('Skip MKR').click()
    await expect(app.errorCode('droughtRelief')).toContainText('This plan leaves MKR alone')
    const left = app.main.getByRole('list', { name: 'Not traded' })
    await expect(left).toContainText('Left out of this plan by you: its pools are thin now')
    await expect(app.errorCode('drought')).toBeHidden()
    await app.review()
    await app.button('Back to the plan').click()
    await app.button('Plan the whole again').click()
    await app.errorCode('drought').getByRole('button', { name: 'Split over visits' }).click()
    await expect(app.errorCode('droughtRelief')).toContainText(/sells at most \d+(\.\d)? % of the portfolio/)
    await expect(left).toContainText('your turnover cap')
  })
})
