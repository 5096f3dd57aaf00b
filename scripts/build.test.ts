import { expect, test } from 'vitest'
import { hashInputs, isBuildInput } from './build.mjs'

test.each([
  ['app/page.tsx', true],
  ['lib/core/units.ts', true],
  ['lib/core/units.test.ts', false],
  ['lib/chain/read.chain.test.ts', false],
  ['components/ui/Button.test.tsx', false],
  ['lib/testing/builders.ts', false],
  ['public/icon.svg', true],
  ['scripts/headers.mjs', true],
  ['scripts/demo.mjs', false],
  ['lib\\testing\\builders.ts', false],
])('behaviour: %s is a build input: %s', (path, expected) => {
  expect(isBuildInput(path)).toBe(expected)
})

test('behaviour: settings that end up in the build change its name', () => {
  const before = hashInputs()
  process.env.NEXT_PUBLIC_SITE_URL = 'https://ballast.example'
  const after = hashInputs()
  delete process.env.NEXT_PUBLIC_SITE_URL
  expect(before).toMatch(/^[0-9a-f]{32}$/)
  expect(after).not.toBe(before)
})
