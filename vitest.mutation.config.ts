import { mergeConfig } from 'vitest/config'
import base from './vitest.config'

const { projects: _, ...test } = base.test ?? {}

/** The unit tests that can see a change in plan, bundle, decoding and execution; their properties draw few cases each. */
export default mergeConfig(
  { ...base, test },
  {
    test: {
      include: ['lib/{core,chain,storage}/**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/*.chain.test.ts'],
      env: { FUZZ_RUNS: '40' },
    },
  },
)
