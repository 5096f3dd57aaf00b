import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const workers = Math.max(2, availableParallelism() - 1)
const never = ['**/node_modules/**', 'e2e/**', '.cache/**', 'out/**', '.next/**']

export default defineConfig({
  resolve: {
    alias: [
      { find: /^porto\/internal$/, replacement: fromRoot('./lib/config/stubs/absentConnector.ts') },
      { find: /^@\//, replacement: fromRoot('./') },
    ],
  },
  test: {
    environment: 'node',
    setupFiles: ['./lib/testing/setupProperties.ts'],
    maxWorkers: workers,
    server: { deps: { inline: [/wagmi/, /rainbowkit/, /vanilla-extract/] } },
    coverage: {
      provider: 'v8',
      include: [
        'lib/core/{rebalance,routing,certificate,execution,sources}/**/*.ts',
        'lib/chain/{bundle,execution}/**/*.ts',
      ],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'json'],
      reportsDirectory: '.cache/coverage',
      thresholds: { lines: 98, branches: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, '**/*.chain.test.ts'],
          // Against tests that hang: a loaded machine is slow, and no test measures time.
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'chain',
          include: ['**/*.chain.test.ts'],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
