import { describe, expect, test } from 'vitest'
import { StaleHeadError } from '@/lib/chain/appErrors'
import { localDeployment } from '@/lib/chain/deployments/local'
import { assertFreshHead, measureAgeOf, measureLateness } from './headAge'

const timestamp = 1_700_000_000
const ms = (seconds: number) => (timestamp + seconds) * 1_000
const lateness = (readAfter: number, nowAfter: number) =>
  measureLateness({ checkedAt: { timestamp }, checkedAtMs: ms(readAfter) }, localDeployment, ms(nowAfter))

describe('measureAgeOf', () => {
  test('default', () => {
    expect(measureAgeOf({ timestamp }, localDeployment, ms(11.9))).toEqual({ status: 'late', seconds: 11 })
  })
})

describe('measureLateness', () => {
  test('default: a plan that waits for its next look is not late', () => {
    expect(lateness(2, 2)).toBeUndefined()
    expect(lateness(2, 32)).toBeUndefined()
  })

  test('behaviour: a block that was late when it was read, and grows older', () => {
    expect(lateness(25, 25)).toBe(25)
    expect(lateness(25, 40)).toBe(40)
  })

  test('behaviour: a plan that was not looked at again for too long', () => {
    expect(lateness(2, localDeployment.maxHeadAgeSeconds)).toBeUndefined()
    expect(lateness(2, localDeployment.maxHeadAgeSeconds + 1)).toBe(localDeployment.maxHeadAgeSeconds + 1)
  })

  test('behaviour: a clock that is behind, or that goes back, makes nothing negative', () => {
    expect(lateness(-100, -90)).toBeUndefined()
    expect(lateness(25, 10)).toBe(25)
  })
})

describe('assertFreshHead', () => {
  test('error: StaleHeadError', () => {
    expect(() => assertFreshHead({ timestamp }, localDeployment)).toThrow(StaleHeadError)
  })
})
