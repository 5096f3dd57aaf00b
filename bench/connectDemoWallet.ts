import type { Page } from 'playwright'

/** Connects the demo wallet as a person does: through the dialog, and with a yes in the wallet's own question. */
export async function connectDemoWallet(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Connect wallet' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Demo wallet', exact: true }).click()
  const question = page.getByRole('dialog', { name: 'Demo wallet' })
  await question.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('table', { name: 'Holdings' }).waitFor()
}
