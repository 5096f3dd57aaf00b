import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ListedStorage, TextStorage } from './browserStorage'

function memoryStorage(): ListedStorage & { readonly map: Map<string, string> } {
  const map = new Map<string, string>()
  return {
    map,
    get length() {
      return map.size
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, text) => void map.set(key, text),
    removeItem: (key) => void map.delete(key),
  }
}

function refuse(): never {
  throw new DOMException('no', 'QuotaExceededError')
}

/** A fresh copy of the module, in a browser with such a storage. */
async function load(get: () => unknown) {
  vi.resetModules()
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
  return import('./browserStorage')
}

const original = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')
afterEach(() => {
  if (original === undefined) Reflect.deleteProperty(globalThis, 'localStorage')
  else Object.defineProperty(globalThis, 'localStorage', original)
})

describe('F-67: forgivingStorage', () => {
  test('default', async () => {
    const { forgivingStorage } = await load(() => undefined)
    const beneath = memoryStorage()
    const storage = forgivingStorage(() => beneath)
    storage.setItem('a', '1')
    expect(beneath.map).toEqual(new Map([['a', '1']]))
    expect(storage.getItem('a')).toBe('1')
    storage.removeItem('a')
    expect(storage.getItem('a')).toBeNull()
  })

  test.each<[string, () => TextStorage | undefined]>([
    ['is full', () => ({ ...memoryStorage(), setItem: refuse, removeItem: refuse })],
    ['is not there', () => undefined],
    ['is forbidden', refuse],
  ])('behaviour: where storage %s what was written holds all the same', async (_, find) => {
    const { forgivingStorage } = await load(() => undefined)
    const storage = forgivingStorage(find)
    expect(storage.getItem('a')).toBeNull()
    storage.setItem('a', '1')
    expect(storage.getItem('a')).toBe('1')
    storage.removeItem('a')
    expect(storage.getItem('a')).toBeNull()
  })

  test('behaviour: what did not fit is held no longer once it fits', async () => {
    const { forgivingStorage } = await load(() => undefined)
    const beneath = memoryStorage()
    let isFull = true
    const storage = forgivingStorage(() => (isFull ? { ...beneath, setItem: refuse } : beneath))
    storage.setItem('a', '1')
    isFull = false
    storage.setItem('a', '2')
    beneath.setItem('a', '3')
    expect(storage.getItem('a')).toBe('3')
  })
})

describe('F-67: standInForStorage', () => {
  test('default', async () => {
    const beneath = memoryStorage()
    const { browserStorage, standInForStorage, takesWrites } = await load(() => beneath)
    expect(takesWrites(beneath)).toBe(true)
    expect(beneath.length).toBe(0)
    standInForStorage()
    expect(globalThis.localStorage).toBe(beneath)
    expect(browserStorage()).toBe(beneath)
  })

  test('behaviour: code of others can write where the browser throws, and the app knows better', async () => {
    const { browserStorage, standInForStorage } = await load(refuse)
    expect(browserStorage()).toBeUndefined()
    standInForStorage()
    standInForStorage()
    globalThis.localStorage.setItem('a', '1')
    expect(globalThis.localStorage.getItem('a')).toBe('1')
    expect(browserStorage()).toBeUndefined()
  })

  test('behaviour: a full storage is still read', async () => {
    const beneath = memoryStorage()
    beneath.setItem('kept', '1')
    const full = { ...beneath, setItem: refuse }
    const { browserStorage, standInForStorage } = await load(() => full)
    standInForStorage()
    globalThis.localStorage.setItem('a', '1')
    expect(globalThis.localStorage.getItem('kept')).toBe('1')
    expect(browserStorage()).toBe(full)
  })

  test('behaviour: a storage that is null is none', async () => {
    const { browserStorage, takesWrites } = await load(() => null)
    expect(browserStorage()).toBeUndefined()
    expect(takesWrites(browserStorage())).toBe(false)
  })
})
