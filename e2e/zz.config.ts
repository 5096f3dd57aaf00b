import { defineConfig } from 'playwright/test'
import { findChromium } from '../scripts/setup.mjs'

const executablePath = findChromium()
const reportPath = process.env.BALLAST_E2E_REPORT

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: reportPath === undefined ? '../test-results' : '../.cache/test/e2e',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: reportPath === undefined ? [['list']] : [['line'], ['json', { outputFile: reportPath }]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // A trace of every test costs a third of the time. For one: --trace retain-on-failure
    trace: 'off',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--force-color-profile=srgb',
        '--font-render-hinting=none',
        '--disable-lcd-text',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync', '--disable-features=PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton',
      ],
    },
  },
  projects: [{ name: 'desktop' }],
})
