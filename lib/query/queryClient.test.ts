import { expect, it } from 'vitest'
import { hashQueryKey } from './queryClient'

it('default', () => {
  expect(hashQueryKey(['a', { y: 1n, x: [2n] }])).toBe(hashQueryKey(['a', { x: [2n], y: 1n }]))
})

it('behaviour: a bigint is not the text of its digits', () => {
  expect(hashQueryKey([1n])).not.toBe(hashQueryKey([1]))
  expect(hashQueryKey([1n])).not.toBe(hashQueryKey(['1']))
})
