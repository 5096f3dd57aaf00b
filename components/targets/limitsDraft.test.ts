import { describe, expect, it } from 'vitest'
import { toBps } from '@/lib/core/units'
import { parseLimits, toLimitsDraft } from './limitsDraft'

const settings = {
  bandBps: toBps(50),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 25n * 10n ** 15n,
}

describe('parseLimits', () => {
  it('default', () => {
    const draft = toLimitsDraft(settings)
    expect(draft).toEqual({ band: '0.5', slippage: '0.5', stableSlippage: '0.1', reserve: '0.025' })
    expect(parseLimits(draft)).toEqual({ status: 'parsed', settings })
  })

  it('behaviour: says for each field why it is not taken', () => {
    const parsed = parseLimits({ band: '60', slippage: '1.01', stableSlippage: '', reserve: '-1' })
    expect(parsed.status === 'refused' && Object.keys(parsed.refusals)).toEqual([
      'band',
      'slippage',
      'stableSlippage',
      'reserve',
    ])
  })

  it('behaviour: refuses surplus decimals of the reserve', () => {
    const parsed = parseLimits({ ...toLimitsDraft(settings), reserve: '0.0000000000000000001' })
    expect(parsed).toMatchObject({ status: 'refused', refusals: { reserve: expect.stringContaining('18') } })
  })
})
