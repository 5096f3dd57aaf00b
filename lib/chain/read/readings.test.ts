import { encodeFunctionResult } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Feed } from '@/lib/core/asset'
import type { Address } from '@/lib/core/units'
import { feedAbi } from '../abis'
import { wrappedEther } from '../deployments/mainnetAssets'
import { findDecimalsFault, toBalanceReading } from './balanceReading'
import { judgePrice, maxPriceAgeSeconds } from './priceReading'
import { decodeTickWord, groupTickWords } from './tickWords'

const word = (value: bigint) => `0x${BigInt.asUintN(256, value).toString(16).padStart(64, '0')}` as const
const success = (value: bigint) => ({ success: true, data: word(value) })
const failure = { success: false, data: '0x' } as const
const empty = { success: true, data: '0x' } as const

describe('prices', () => {
  const feed: Feed = { address: '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419', decimals: 8, heartbeatSeconds: 3_600 }
  const now = 1_800_000_000
  const round = (answer: bigint, updatedAt: number) => ({
    success: true,
    data: encodeFunctionResult({
      abi: feedAbi,
      functionName: 'latestRoundData',
      result: [1n, answer, BigInt(updatedAt), BigInt(updatedAt), 1n],
    }),
  })
  const judge = (answer: bigint, updatedAt: number, decimals = success(8n)) =>
    judgePrice(feed, { round: round(answer, updatedAt), decimals, now })

  test('default', () => {
    expect(judge(1_982_80000000n, now)).toEqual({ status: 'fresh', usd: 1_982_8n * 10n ** 17n, updatedAt: now })
  })

  test('behaviour: the age counts to the second', () => {
    const oldest = now - 3_600 - 360 - 300
    expect(maxPriceAgeSeconds(feed)).toBe(4_260)
    expect(judge(1n, oldest).status).toBe('fresh')
    expect(judge(1n, oldest - 1)).toEqual({
      status: 'stale',
      usd: 10n ** 10n,
      updatedAt: oldest - 1,
      maxAgeSeconds: 4_260,
    })
    expect(judge(1n, 0).status).toBe('stale')
  })

  test.each([
    ['zero', judge(0n, now), 'notPositive'],
    ['negative', judge(-1n, now), 'notPositive'],
    ['the most negative', judge(-(2n ** 255n), now), 'notPositive'],
    ['from the future', judge(1n, now + 1), 'fromFuture'],
    ['other decimals', judge(1n, now, success(18n)), 'wrongDecimals'],
    ['absurd decimals', judge(1n, now, success(2n ** 256n - 1n)), 'wrongDecimals'],
    ['no decimals', judgePrice(feed, { round: round(1n, now), decimals: failure, now }), 'unreadable'],
    ['a revert', judgePrice(feed, { round: failure, decimals: success(8n), now }), 'unreadable'],
    ['no contract', judgePrice(feed, { round: empty, decimals: empty, now }), 'unreadable'],
    ['too few bytes', judgePrice(feed, { round: success(1n), decimals: success(8n), now }), 'unreadable'],
  ])('behaviour: %s', (_, reading, reason) => {
    expect(reading).toEqual({ status: 'invalid', reason })
  })

  test('behaviour: feeds with other decimals are scaled to 18, rounded down', () => {
    const read = (decimals: number, answer: bigint) =>
      judgePrice({ ...feed, decimals }, { round: round(answer, now), decimals: success(BigInt(decimals)), now })
    expect(read(18, 7n)).toMatchObject({ usd: 7n })
    expect(read(20, 799n)).toMatchObject({ usd: 7n })
    expect(read(0, 7n)).toMatchObject({ usd: 7n * 10n ** 18n })
  })
})

describe('balances', () => {
  test('default', () => {
    expect(toBalanceReading(success(0n))).toEqual({ status: 'known', amount: 0n })
    expect(toBalanceReading(success(2n ** 256n - 1n))).toEqual({ status: 'known', amount: 2n ** 256n - 1n })
  })

  test.each([[failure], [empty], [{ success: true, data: '0x00ff' } as const], [undefined]])(
    'behaviour: unknown is never zero: %j',
    (result) => {
      expect(toBalanceReading(result).status).toBe('unreadable')
    },
  )

  test('behaviour: decimals must be those of the list', () => {
    expect(findDecimalsFault(wrappedEther, success(18n))).toBeUndefined()
    expect(findDecimalsFault(wrappedEther, success(6n))).toBe('the contract says 6 decimals, the list says 18')
    expect(findDecimalsFault(wrappedEther, failure)).toBeDefined()
  })
})

describe('ticks', () => {
  const pool: Address = '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640'

  test('default', () => {
    const words = [32n, 2n, 120n, 7n, 7n, -60n, -7n, 7n].map((value) => word(value).slice(2))
    expect(decodeTickWord({ success: true, data: `0x${words.join('')}` })).toEqual([
      { index: -60, liquidityNet: -7n },
      { index: 120, liquidityNet: 7n },
    ])
    expect(decodeTickWord({ success: true, data: `0x${word(32n).slice(2)}${word(0n).slice(2)}` })).toEqual([])
  })

  test('behaviour: what is cut off is unknown, not empty', () => {
    expect(decodeTickWord(failure)).toBeUndefined()
    expect(decodeTickWord(empty)).toBeUndefined()
    expect(decodeTickWord({ success: true, data: `0x${word(32n).slice(2)}${word(1n).slice(2)}` })).toBeUndefined()
  })

  test('behaviour: groups keep to their budget and to the order', () => {
    const words = Array.from({ length: 10 }, (_, index) => ({ pool, word: index }))
    const groups = groupTickWords(words, { maxTicks: 10, expectTicks: ({ word: of }) => (of === 5 ? 100 : 3) })
    expect(groups.flat()).toEqual(words)
    expect(groups.map((group) => group.length)).toEqual([2, 2, 1, 1, 2, 2])
  })
})
