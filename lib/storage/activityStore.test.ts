import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Receipt } from '@/lib/core/activity/receipt'
import type { Hex } from '@/lib/core/units'
import { receiptArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt } from '@/lib/testing/builders/receipt'
import { encodeJson } from './jsonCodec'

const kept = new Map<string, string>()
const storage = {
  get length() {
    return kept.size
  },
  key: (index: number) => [...kept.keys()][index] ?? null,
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => void kept.set(key, text),
  removeItem: (key: string) => void kept.delete(key),
}

const base = buildReceipt()
const owner = { account: base.account, chainId: base.chainId }
const keyOf = (hash: string) => `ballast.activity.31337.${base.account}.${hash}`
const hashOf = (index: number): Hex => `0x${index.toString(16).padStart(64, '0')}`

function at(index: number): Receipt {
  return { ...base, txHash: hashOf(index), planned: { blockNumber: 1n, timestamp: 1_750_000_000 + index } }
}

/** A page of its own: a module that was just loaded, over the storage that all tabs share. */
async function openTab() {
  vi.resetModules()
  const { activityStore, maxReceipts } = await import('./activityStore')
  return { store: activityStore(owner), activityStore, maxReceipts }
}

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', storage)
})

test('default', async () => {
  const { store } = await openTab()
  expect(store.read()).toEqual({ receipts: [], unreadableCount: 0 })
  expect(store.record(at(1))).toBe('saved')
  expect(store.record(at(2))).toBe('saved')
  expect(store.read().receipts).toEqual([at(2), at(1)])
  expect((await openTab()).store.read().receipts).toEqual([at(2), at(1)])
})

test('behaviour: accounts and chains are apart, the case of an address is not', async () => {
  const { store, activityStore } = await openTab()
  store.record(at(1))
  const upper = `0x${base.account.slice(2).toUpperCase()}` as const
  expect(activityStore({ ...owner, account: upper }).read().receipts).toHaveLength(1)
  expect(activityStore({ ...owner, chainId: 1 }).read().receipts).toEqual([])
  expect(activityStore({ ...owner, account: `0x${'1'.repeat(40)}` }).read().receipts).toEqual([])
})

describe('behaviour: once for each transaction', () => {
  test('behaviour: recorded again, by this page, after a reload and by another tab', async () => {
    const first = await openTab()
    first.store.record(at(1))
    const before = kept.get(keyOf(hashOf(1)))
    const listener = vi.fn()
    first.store.subscribe(listener)
    first.store.record(at(1))
    const second = await openTab()
    second.store.record(at(1))
    expect(kept.get(keyOf(hashOf(1)))).toBe(before)
    expect(listener).not.toHaveBeenCalled()
    expect(second.store.read().receipts).toEqual([at(1)])
  })

  test('behaviour: one that knows more takes the place', async () => {
    const { store } = await openTab()
    const poorer: Receipt = { ...at(1), included: { blockNumber: 103n, timestamp: 'unknown' } }
    store.record(poorer)
    store.record(at(1))
    store.record(poorer)
    expect(store.read().receipts).toEqual([at(1)])
  })

  test('behaviour: two tabs that record at once lose nothing', async () => {
    const [first, second] = [await openTab(), await openTab()]
    expect(first.store.read().receipts).toEqual([])
    expect(second.store.read().receipts).toEqual([])
    first.store.record(at(1))
    second.store.record(at(2))
    expect(first.store.read().receipts).toEqual([at(2), at(1)])
  })
})

test('behaviour: the oldest beyond the limit go', async () => {
  const { store, maxReceipts } = await openTab()
  for (let index = 0; index < maxReceipts + 3; index += 1) store.record(at(index))
  const { receipts } = store.read()
  expect(receipts).toHaveLength(maxReceipts)
  expect(receipts.at(-1)).toEqual(at(3))
  expect(kept.size).toBe(maxReceipts)
  expect(store.record(at(1))).toBe('saved')
  expect(store.read().receipts).toEqual(receipts)
})

describe('behaviour: damaged data', () => {
  test.each([
    ['cut off', '{"version":1,"val'],
    ['another version', '{"version":2,"value":{}}'],
    ['another shape', '{"version":1,"value":{"chainId":31337}}'],
    ['nothing', ''],
    ['a negative amount', encodeJson({ version: 1, value: { ...base, beforeUsd: -1n } })],
    [
      'a time that no calendar has',
      encodeJson({ version: 1, value: { ...base, planned: { blockNumber: 1n, timestamp: 1e15 } } }),
    ],
    [
      'a weight over the whole',
      encodeJson({ version: 1, value: { ...base, positions: [{ ...base.positions[0], beforeBps: 10_001 }] } }),
    ],
    ['the receipt of another transaction', encodeJson({ version: 1, value: base })],
    ['the receipt of another chain', encodeJson({ version: 1, value: { ...at(7), chainId: 1 } })],
  ])('behaviour: %s', async (_, text) => {
    const { store } = await openTab()
    store.record(at(1))
    kept.set(keyOf(hashOf(7)), text)
    expect(store.read()).toEqual({ receipts: [at(1)], unreadableCount: 1 })
    store.record(at(2))
    expect(kept.get(keyOf(hashOf(7)))).toBe(text)
    expect(store.read()).toEqual({ receipts: [at(2), at(1)], unreadableCount: 1 })
  })

  test('behaviour: a damaged entry is written anew when its transaction is recorded', async () => {
    const { store } = await openTab()
    kept.set(keyOf(hashOf(1)), '{')
    store.record(at(1))
    expect(store.read()).toEqual({ receipts: [at(1)], unreadableCount: 0 })
  })

  test('property: whatever one entry says, the others stay and nothing is thrown', async () => {
    const { store } = await openTab()
    store.record(at(1))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        kept.set(keyOf(hashOf(7)), text)
        expect(store.read().receipts).toEqual([at(1)])
      }),
    )
  })

  test('property: every receipt is read as it was written', async () => {
    const { store } = await openTab()
    fc.assert(
      fc.property(receiptArbitrary, (receipt) => {
        kept.clear()
        const own = { ...receipt, account: base.account }
        store.record(own)
        expect(store.read()).toEqual({ receipts: [own], unreadableCount: 0 })
      }),
    )
  })
})

describe('behaviour: storage that fails', () => {
  test('behaviour: forbidden altogether, it holds until the page closes', async () => {
    vi.stubGlobal('localStorage', undefined)
    const { store } = await openTab()
    expect(store.record(at(1))).toBe('heldInMemory')
    expect(store.read().receipts).toEqual([at(1)])
    expect((await openTab()).store.read().receipts).toEqual([])
  })

  test('behaviour: full', async () => {
    const { store } = await openTab()
    store.record(at(1))
    vi.stubGlobal('localStorage', {
      ...storage,
      length: kept.size,
      setItem: () => {
        throw new DOMException('no', 'QuotaExceededError')
      },
    })
    expect(store.record(at(2))).toBe('heldInMemory')
    expect(store.read().receipts).toEqual([at(2), at(1)])
  })
})

test('behaviour: an unchanged list stays the same object, and changes are told', async () => {
  const { store } = await openTab()
  store.record(at(1))
  const first = store.read()
  expect(store.read()).toBe(first)
  const listener = vi.fn()
  const stop = store.subscribe(listener)
  store.record(at(2))
  expect(listener).toHaveBeenCalledTimes(1)
  expect(store.read()).not.toBe(first)
  stop()
  store.record(at(3))
  expect(listener).toHaveBeenCalledTimes(1)
})

test('behaviour: another tab tells of its receipts', async () => {
  const page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  const { store } = await openTab()
  const listener = vi.fn()
  const stop = store.subscribe(listener)
  const tell = (key: string | null) => page.dispatchEvent(Object.assign(new Event('storage'), { key }))
  tell('ballast.theme')
  expect(listener).not.toHaveBeenCalled()
  tell(keyOf(hashOf(1)))
  tell(null)
  expect(listener).toHaveBeenCalledTimes(2)
  stop()
  tell(null)
  expect(listener).toHaveBeenCalledTimes(2)
  vi.unstubAllGlobals()
})
