import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toTargets } from '../targets'
import type { Address } from '../units'
import { composeTriggerSeed, hashText } from './triggerSeed'
import { encodeUtf8 } from './utf8'

const ids = ['ETH', 'USDC', 'WBTC']
const targets = toTargets(
  [
    { assetId: 'ETH', weightBps: 6000 },
    { assetId: 'USDC', weightBps: 4000 },
  ],
  ids,
)
const account: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'

describe('encodeUtf8', () => {
  test('property: the bytes of TextEncoder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeUtf8(text).flat()).toEqual([...new TextEncoder().encode(text)])
      }),
    )
  })

  test('behaviour: half of a surrogate pair becomes U+FFFD', () => {
    expect(encodeUtf8('a\ud800b').flat()).toEqual([...new TextEncoder().encode('a\ud800b')])
  })
})

describe('hashText', () => {
  test('default: published vectors of 64-bit FNV-1a', () => {
    expect(hashText('')).toBe(0xcbf29ce484222325n)
    expect(hashText('a')).toBe(0xaf63dc4c8601ec8cn)
    expect(hashText('foobar')).toBe(0x85944171f73967e8n)
  })
})

describe('composeTriggerSeed', () => {
  test('default: the same on every device, whatever the case of the address and the order of the targets', () => {
    const seed = composeTriggerSeed(account, targets)
    expect(composeTriggerSeed(account.toLowerCase() as Address, { weights: [...targets.weights].reverse() })).toBe(seed)
    expect(composeTriggerSeed(account, targets)).toBe(seed)
  })

  test('behaviour: another account or other targets have another seed', () => {
    const seed = composeTriggerSeed(account, targets)
    expect(composeTriggerSeed('0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046', targets)).not.toBe(seed)
    const others = toTargets(
      [
        { assetId: 'ETH', weightBps: 5999 },
        { assetId: 'USDC', weightBps: 4001 },
      ],
      ids,
    )
    expect(composeTriggerSeed(account, others)).not.toBe(seed)
  })
})
