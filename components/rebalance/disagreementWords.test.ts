import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { toUsd, usdUnit } from '@/lib/core/units'
import { describeDisagreement } from './disagreementWords'

const { assets } = localDeployment
const usdc = assets.find(({ id }) => id === 'USDC')?.poolToken
if (usdc === undefined) throw new Error('USDC is listed.')
const ofUsdc = { assetId: 'USDC', token: usdc.address, symbol: 'USDC' } as const

const told = (disagreement: Parameters<typeof describeDisagreement>[0]) => describeDisagreement(disagreement, assets)

describe('describeDisagreement', () => {
  test('default: a balance, with both figures', () => {
    expect(told({ kind: 'balance', ...ofUsdc, ours: 20_000_000_000n, wallets: 10_000_000_000n })).toEqual({
      what: 'Your USDC balance',
      figures: { wallets: '10,000 USDC', ours: '20,000 USDC' },
    })
  })

  test('behaviour: what short texts hide is written in full', () => {
    const figures = { wallets: '1234567.000001 USDC', ours: '1234567 USDC' }
    const balance = { kind: 'balance', ...ofUsdc, ours: 1_234_567_000_000n, wallets: 1_234_567_000_001n } as const
    expect(told(balance).figures).toEqual(figures)
    const price = { kind: 'price', assetId: 'LINK', ours: toUsd(15n * usdUnit), wallets: toUsd(15n * usdUnit + 1n) }
    expect(told({ ...price, kind: 'price' }).figures).toEqual({ wallets: '$15.000000000000000001', ours: '$15' })
  })

  test('behaviour: unknown is never zero', () => {
    expect(told({ kind: 'balance', ...ofUsdc, ours: undefined, wallets: 0n }).figures).toEqual({
      wallets: '0 USDC',
      ours: 'not readable',
    })
    expect(told({ kind: 'quote', assetId: 'LINK', ours: 66n * 10n ** 18n, wallets: undefined })).toEqual({
      what: 'LINK that you get',
      figures: { wallets: 'not readable', ours: '66 LINK' },
    })
  })

  test('behaviour: allowances, by amount or by date', () => {
    expect(told({ kind: 'allowance', ...ofUsdc, ours: 2n ** 256n - 1n, wallets: 5_000_000n })).toEqual({
      what: 'What may be taken of your USDC',
      figures: { wallets: '5 USDC', ours: 'unlimited USDC' },
    })
    expect(told({ kind: 'allowance', ...ofUsdc, ours: 5n, wallets: 5n })).toEqual({
      what: 'Until when your USDC may be taken',
      figures: undefined,
    })
  })

  test('behaviour: prices, pools and blocks', () => {
    const [ours, wallets] = [toUsd(15n * usdUnit), toUsd((1_515n * usdUnit) / 100n)]
    expect(told({ kind: 'price', assetId: 'LINK', ours, wallets })).toEqual({
      what: 'Price of LINK',
      figures: { wallets: '$15.15', ours: '$15.00' },
    })
    expect(told({ kind: 'pool', id: '0x01', assetIds: ['LINK', 'ETH'] })).toEqual({
      what: 'The pool of LINK and ETH',
      figures: undefined,
    })
    expect(told({ kind: 'block', ours: 1_184n, wallets: 1_234n, secondsApart: 100 })).toEqual({
      what: 'Newest block, 100 s apart',
      figures: { wallets: '1,234', ours: '1,184' },
    })
  })
})
