import { readFile } from 'node:fs/promises'
import type { Locator } from 'playwright/test'
import type { AppDriver } from './driver'
import { expect, test } from './fixtures'
import { letFeedFollow, makeDearer } from './marketMoves'

/** The targets are what is held, so that nothing is out of band until the market moves. */
async function aimAtHoldings(app: AppDriver): Promise<void> {
  await app.open()
  await app.connect()
  await app.openTargets()
  await app.targetsDialog.getByRole('button', { name: 'From holdings' }).click()
  await app.targetsDialog.getByRole('button', { name: 'Save targets' }).click()
  await expect(app.targetsDialog).toBeHidden()
}

async function openTriggers(app: AppDriver): Promise<Locator> {
  await app.button(/^(Set|Edit) triggers$/).click()
  const dialog = app.page.getByRole('dialog', { name: 'Triggers' })
  await expect(dialog).toBeVisible()
  return dialog
}

async function saveTriggers(dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Save triggers' }).click()
  await expect(dialog).toBeHidden()
}

test('behaviour: what drifts out of its band is said once, also after a reload, and leads to the plan', async ({
  app,
  devnet,
  page,
}) => {
  await aimAtHoldings(app)
  await expect(app.main.getByText('No trigger is set.')).toBeVisible()
  const dialog = await openTriggers(app)
  await dialog.getByRole('radio', { name: /^Percentage points/ }).check()
  await dialog.getByRole('textbox', { name: 'Distance from the target' }).fill('2')
  await saveTriggers(dialog)
  await expect(app.main.getByText('Every asset within its trigger')).toBeVisible()
  await expect(app.errorCode('trigger')).toBeHidden()

  await makeDearer(devnet, 'ETH', 3_000)
  await letFeedFollow(devnet, 'ETH', 3_000)
  const line = app.main.getByText(/^ETH left its band: \d+\.\d pp above/)
  await expect(app.errorCode('trigger')).toContainText('Nothing was traded')
  await expect(line.first()).toBeVisible()

  await page.reload()
  await expect(line.first()).toBeVisible()
  await expect(app.errorCode('trigger')).toBeHidden()

  await app.plan()
})

test('behaviour: the notice leads to the plan', async ({ app, devnet }) => {
  await aimAtHoldings(app)
  const dialog = await openTriggers(app)
  await dialog.getByRole('radio', { name: /^Share of the target/ }).check()
  await dialog.getByRole('textbox', { name: 'Of the target' }).fill('5')
  await saveTriggers(dialog)
  await makeDearer(devnet, 'ETH', 3_000)
  await letFeedFollow(devnet, 'ETH', 3_000)
  await app.errorCode('trigger').getByRole('link', { name: 'See the plan' }).click()
  await expect(app.legs).toBeVisible()
})

test('behaviour: a calendar has a next date, and its file is one event that comes round', async ({ app, page }) => {
  await aimAtHoldings(app)
  const dialog = await openTriggers(app)
  await dialog.getByRole('checkbox', { name: 'When a date comes' }).check()
  await dialog.getByRole('textbox', { name: 'Every' }).fill('0')
  await expect(dialog.getByRole('button', { name: 'Save triggers' })).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Every' }).fill('14')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Calendar file (.ics)' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('ballast-dates.ics')
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n')
  expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR', ''])
  expect(lines).toContain('RRULE:FREQ=DAILY;INTERVAL=14')
  expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1)
  const [year, month, day] =
    /^DTSTART:(\d{4})(\d\d)(\d\d)T\d{4}00Z$/m.exec(lines.join('\n'))?.slice(1).map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) throw new RangeError('The event has a start.')
  await saveTriggers(dialog)
  const start = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  await expect(app.main.getByText(`Next date ${start.format(Date.UTC(year, month - 1, day))}`)).toBeVisible()
  await page.reload()
  await expect(app.main.getByText(/^Next date /)).toBeVisible()
})

test('behaviour: a proposal fills the draft, and nothing is saved by it', async ({ app }) => {
  await aimAtHoldings(app)
  await app.openTargets()
  const { targetsDialog: dialog } = app
  await dialog.getByText('Propose weights').click()
  await dialog.getByRole('textbox', { name: 'Cap', exact: true }).fill('5')
  await expect(app.errorCode('proposal-refused')).toContainText('Raise it to')
  await expect(dialog.getByRole('button', { name: 'Use as a draft' })).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Cap', exact: true }).fill('100')
  await dialog.getByRole('combobox', { name: 'Scheme' }).selectOption('Equal')
  const ether = dialog.getByRole('textbox', { name: 'Target for ETH', exact: true })
  const before = await ether.inputValue()
  await dialog.getByRole('button', { name: 'Use as a draft' }).click()
  await expect(ether).not.toHaveValue(before)
  await expect(dialog.getByRole('status')).toContainText('100')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await app.openTargets()
  await expect(ether).toHaveValue(before)
})
