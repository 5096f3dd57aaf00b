/** @typedef {{ passed: number, failed: number, failures: readonly string[] }} Counts */

/**
 * Counts the tests in a report of Vitest's JSON reporter. A file that does not load counts as one failure.
 * @returns {Counts}
 */
export function countVitest(report) {
  const failures = []
  let passed = 0
  for (const file of report.testResults) {
    const failedTests = file.assertionResults.filter(({ status }) => status === 'failed')
    passed += file.assertionResults.filter(({ status }) => status === 'passed').length
    for (const { fullName, failureMessages } of failedTests) {
      failures.push(`${file.name}\n  ${fullName}\n${indent(firstLines(failureMessages.join('\n'), 12))}`)
    }
    if (file.status === 'failed' && failedTests.length === 0) {
      failures.push(`${file.name}\n${indent(firstLines(file.message ?? 'The file does not load.', 12))}`)
    }
  }
  return { passed, failed: failures.length, failures }
}

/**
 * Counts the tests in a report of Playwright's JSON reporter. A test that passes only when tried again has failed.
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const failures = (report.errors ?? []).map(({ message }) => firstLines(message ?? 'Playwright reports an error.', 12))
  let passed = 0
  const visit = (suite, titles) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') passed += 1
        else if (test.status !== 'skipped') {
          const message =
            test.results.map(({ error }) => error?.message ?? '').find((text) => text !== '') ?? test.status
          failures.push(`${[...titles, spec.title].join(' > ')}\n${indent(firstLines(message, 25))}`)
        }
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...titles, inner.title])
  }
  for (const suite of report.suites) visit(suite, [suite.title])
  return { passed, failed: failures.length, failures }
}

/**
 * What a stage of tests comes to: its report, corrected where the report says less than the exit code, and never "none".
 * @returns {Counts}
 */
export function judgeStage({ counts, code, stage }) {
  if (code !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, failures: [`${stage} ended with exit code ${code}.`] }
  }
  if (counts.passed + counts.failed === 0) return { passed: 0, failed: 1, failures: [`${stage} ran no test at all.`] }
  return counts
}

/** The last line of a test run. */
export function summaryLine(all) {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0)
  return `${sum('passed')} passed, ${sum('failed')} failed`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
const colour = /\u001b\[[0-9;]*m/g

function firstLines(text, count) {
  return text.replace(colour, '').split('\n').slice(0, count).join('\n')
}

function indent(text) {
  return text.replace(/^/gm, '    ')
}
