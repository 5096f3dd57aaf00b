import { describe, expect, test } from 'vitest'
import { describeViolation } from './violationWords'

const token = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const nameToken = () => 'LINK'

describe('describeViolation', () => {
  test('default', () => {
    expect(describeViolation({ kind: 'leavesInRouter', token, amount: 1n }, nameToken)).toBe(
      'LINK stays in the router after the simulation.',
    )
  })

  test('behaviour: A-34 another amount than planned, and a token that is not planned at all', () => {
    const differs = { kind: 'deltaDiffers', token, expected: 50n, simulated: 49n } as const
    expect(describeViolation(differs, nameToken)).toContain('moves another amount of LINK than the plan says')
    expect(describeViolation({ ...differs, expected: 0n }, nameToken)).toContain('is not part of the plan')
  })
})
