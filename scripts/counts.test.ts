import { describe, expect, test } from 'vitest'
import { countPlaywright, countVitest, judgeStage, summaryLine } from './counts.mjs'

describe('countVitest', () => {
  const passedTest = { status: 'passed', fullName: 'a passes', failureMessages: [] }
  const failedTest = {
    status: 'failed',
    fullName: 'b fails',
    failureMessages: ['\u001b[31mAssertionError\u001b[39m: no'],
  }

  test('default', () => {
    const counts = countVitest({
      testResults: [
        { name: 'a.test.ts', status: 'passed', assertionResults: [passedTest, { ...passedTest, status: 'pending' }] },
        { name: 'b.test.ts', status: 'failed', assertionResults: [passedTest, failedTest] },
      ],
    })
    expect(counts).toEqual({ passed: 2, failed: 1, failures: ['b.test.ts\n  b fails\n    AssertionError: no'] })
  })

  test('behaviour: a file that does not load is one failure', () => {
    const counts = countVitest({
      testResults: [{ name: 'c.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] }],
    })
    expect(counts).toEqual({ passed: 0, failed: 1, failures: ['c.test.ts\n    Cannot find module'] })
  })
})

describe('countPlaywright', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title,
    tests: [{ status, results: message === undefined ? [] : [{ error: { message } }] }],
  })

  test('default', () => {
    const counts = countPlaywright({
      errors: [],
      suites: [
        {
          title: 'connect.spec.ts',
          specs: [spec('connects', 'expected'), spec('waits', 'skipped')],
          suites: [
            {
              title: 'rejection',
              specs: [spec('tells', 'unexpected', 'no text'), spec('wobbles', 'flaky')],
              suites: [],
            },
          ],
        },
      ],
    })
    expect(counts).toEqual({
      passed: 1,
      failed: 2,
      failures: [
        'connect.spec.ts > rejection > tells\n    no text',
        'connect.spec.ts > rejection > wobbles\n    flaky',
      ],
    })
  })

  test('behaviour: an error outside of tests is a failure', () => {
    expect(countPlaywright({ errors: [{ message: 'No tests found' }], suites: [] })).toMatchObject({ failed: 1 })
  })
})

describe('judgeStage', () => {
  const none = { passed: 0, failed: 0, failures: [] }

  test('default', () => {
    const counts = { passed: 3, failed: 0, failures: [] }
    expect(judgeStage({ counts, code: 0, stage: 'unit' })).toBe(counts)
  })

  test('behaviour: a stage without tests has failed', () => {
    expect(judgeStage({ counts: none, code: 0, stage: 'unit' })).toMatchObject({ passed: 0, failed: 1 })
  })

  test('behaviour: an exit code that the report does not explain is a failure', () => {
    const counts = { passed: 3, failed: 0, failures: [] }
    expect(judgeStage({ counts, code: 1, stage: 'unit' })).toMatchObject({ passed: 3, failed: 1 })
  })

  test('behaviour: tests that are all skipped are no tests', () => {
    const report = { testResults: [{ name: 'a', status: 'passed', assertionResults: [{ status: 'pending' }] }] }
    expect(judgeStage({ counts: countVitest(report), code: 0, stage: 'unit' })).toMatchObject({ failed: 1 })
  })
})

test('behaviour: the summary is one exact line', () => {
  const counts = (passed: number, failed: number) => ({ passed, failed, failures: [] })
  expect(summaryLine([counts(1, 0), counts(240, 2), counts(12, 1)])).toBe('253 passed, 3 failed')
})
