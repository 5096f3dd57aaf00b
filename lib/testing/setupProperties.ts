import { appendFileSync } from 'node:fs'
import fc, { type RunDetails } from 'fast-check'
import { expect, vi } from 'vitest'
import { runs } from './runs'

/**
 * Properties draw the same cases on every machine, so that a red run is one that a change made; `npm run fuzz` draws
 * others. `FUZZ_SEED` (a 32-bit integer) is the seed of that draw, `FUZZ_RUNS` how many cases (see runs.ts), `FUZZ_MINUTES`
 * the longest that one property may take, and `FUZZ_REPORT` a file that gets a line of JSON for each property.
 */
const { FUZZ_SEED: seed, FUZZ_RUNS: asked, FUZZ_MINUTES: minutes, FUZZ_REPORT: reportPath } = process.env

/** Tells what a property drew, and fails as it would have without a report. */
function report<Values>(path: string, details: RunDetails<Values>): void {
  const { testPath, currentTestName } = expect.getState()
  const { failed, interrupted, numRuns, numSkips } = details
  const line = { file: testPath, test: currentTestName, failed, interrupted, numRuns, numSkips }
  appendFileSync(path, `${JSON.stringify(line)}\n`)
  if (failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance })
}

fc.configureGlobal({
  seed: seed === undefined ? 20_261_120 : Number(seed),
  numRuns: runs(100),
  ...(minutes === undefined ? {} : { interruptAfterTimeLimit: Number(minutes) * 60_000 }),
  ...(reportPath === undefined ? {} : { reporter: (details) => report(reportPath, details) }),
})
if (asked !== undefined) vi.setConfig({ testTimeout: 0, hookTimeout: 0 })
