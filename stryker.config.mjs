/**
 * Changes the code of plan, bundle, decoding and execution in small ways, and counts the changes that no unit test sees.
 * All of it takes hours; `npm run mutation -- --mutate lib/core/execution/reduceExecution.ts` does one file. What was found is kept, and
 * only what changed since is tried again.
 */
const pure = ['execution', 'sources', 'certificate', 'rebalance', 'routing'].map((name) => `lib/core/${name}`)
// What lib/chain/execution and simulateBundle.ts do with a node is for the chain tests, which are too slow for this.
const mutated = [...pure, 'lib/chain/bundle'].flatMap((folder) => [`${folder}/**/*.ts`, `!${folder}/**/*.test.ts`])

export default {
  mutate: [...mutated, '!lib/chain/bundle/simulateBundle.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  tempDirName: '.cache/mutation/sandbox',
  ignorePatterns: [
    'e2e',
    'app',
    'bench',
    'cli',
    'contracts',
    'public',
    'docs',
    'out',
    '.next',
    '.cache',
    'test-results',
  ],
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
}
