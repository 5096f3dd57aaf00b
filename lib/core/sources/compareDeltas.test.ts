import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nativeAddress } from '../asset'
import type { Address } from '../units'
import { compareDeltas } from './compareDeltas'

const [link, dai]: readonly [Address, Address] = [`0x${'1a'.repeat(20)}`, `0x${'2b'.repeat(20)}`]
const floors = { minimumOut: 0n, oracleFloor: 0n }
const plan = {
  spendings: [
    { assetId: 'LINK', token: link, amount: 100n },
    { assetId: 'ETH', token: nativeAddress, amount: 7n },
  ],
  purchases: [{ assetId: 'DAI', token: dai, quotedOut: 50n, ...floors }],
} as const
const asPlanned = [
  { token: link, amount: -100n },
  { token: nativeAddress, amount: -7n },
  { token: dai, amount: 50n },
]

test('default', () => {
  expect(compareDeltas(plan, asPlanned)).toEqual([])
  expect(compareDeltas(plan, [])).toHaveLength(3)
})

test('behaviour: F-47: one unit less than quoted, and a token that the plan does not know', () => {
  const [paid, gas] = asPlanned
  if (paid === undefined || gas === undefined) throw new Error('no deltas')
  expect(compareDeltas(plan, [paid, gas, { token: dai, amount: 49n }])).toEqual([
    { token: dai, expected: 50n, simulated: 49n },
  ])
  const other: Address = `0x${'3c'.repeat(20)}`
  expect(compareDeltas(plan, [...asPlanned, { token: other, amount: 1n }])).toEqual([
    { token: other, expected: 0n, simulated: 1n },
  ])
})

test('behaviour: an address counts in whatever case', () => {
  const shouted = asPlanned.map(({ token, amount }) => ({
    token: `0x${token.slice(2).toUpperCase()}` as const,
    amount,
  }))
  expect(compareDeltas(plan, shouted)).toEqual([])
})

test('property: any other amount of any token is found, and only that', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 2 }),
      fc.bigInt({ min: -200n, max: 200n }).filter((by) => by !== 0n),
      (index, by) => {
        const changed = asPlanned.map((delta, position) =>
          position === index ? { ...delta, amount: delta.amount + by } : delta,
        )
        expect(compareDeltas(plan, changed)).toEqual([
          { token: asPlanned[index]?.token, expected: asPlanned[index]?.amount, simulated: changed[index]?.amount },
        ])
      },
    ),
  )
})
