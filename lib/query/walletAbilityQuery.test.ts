import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { leastAbility, walletAbilityQuery } from './walletAbilityQuery'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function readAbility(getProvider: () => Promise<WalletProvider | undefined>) {
  return new QueryClient().fetchQuery(walletAbilityQuery({ account, chainId: 31337, walletId: 'one', getProvider }))
}

const answering = (answer: unknown, delayMs = 0): WalletProvider => ({
  request: () => new Promise((resolve) => setTimeout(resolve, delayMs, answer)),
})

describe('F-28', () => {
  test('default', async () => {
    const reading = readAbility(async () => answering({ '0x7a69': { atomic: { status: 'ready' } } }))
    await vi.advanceTimersByTimeAsync(10)
    expect(await reading).toEqual({ rung: 'atomicBatch', atomic: 'ready', callLimit: 10 })
  })

  test('behaviour: a wallet that takes ten seconds is planned for without batches after four', async () => {
    const reading = readAbility(async () => answering({ '0x7a69': { atomic: { status: 'supported' } } }, 10_000))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await reading).toEqual(leastAbility)
  })

  test('behaviour: so is one that is not there', async () => {
    expect(await readAbility(async () => undefined)).toEqual(leastAbility)
  })
})
