import * as fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test, vi } from 'vitest'
import type { TextStorage } from './browserStorage'
import { createStore, isForgetting, subscribeToForgetting } from './createStore'
import { decodeJson, encodeJson } from './jsonCodec'

const schema = v.object({ amount: v.bigint(), name: v.string() })
const value = { amount: 2n ** 256n - 1n, name: 'Ä' }

function memoryStorage(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries))
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, text: string) => void map.set(key, text),
    removeItem: (key: string) => void map.delete(key),
  }
}

let next = 0
function uniqueKey() {
  next += 1
  return `test${next}`
}

function make(storage: TextStorage | undefined, { key = uniqueKey(), version = 1 } = {}) {
  return createStore({ key, version, schema, storage: () => storage })
}

test('default', () => {
  const storage = memoryStorage()
  const key = uniqueKey()
  expect(make(storage, { key }).read()).toBeUndefined()
  expect(make(storage, { key }).save(value)).toBe('saved')
  expect(make(storage, { key }).read()).toEqual(value)
  make(storage, { key }).clear()
  expect(make(storage, { key }).read()).toBeUndefined()
})

test('behaviour: an unchanged value stays the same object', () => {
  const store = make(memoryStorage())
  store.save(value)
  const first = store.read()
  expect(store.read()).toBe(first)
  store.save({ ...value, name: 'other' })
  expect(store.read()).not.toBe(first)
})

describe('behaviour: what cannot be used reads as nothing', () => {
  test.each([
    ['another version', '{"version":2,"value":{"amount":{"$bigint":"1"},"name":""}}'],
    ['no version', '{"value":{"amount":{"$bigint":"1"},"name":""}}'],
    ['another shape', '{"version":1,"value":{"amount":1,"name":""}}'],
    ['a bigint that is none', '{"version":1,"value":{"amount":{"$bigint":"0x1g"},"name":""}}'],
    ['cut off', '{"version":1,"val'],
    ['not an object', 'null'],
    ['empty', ''],
  ])('behaviour: %s', (_, text) => {
    const key = uniqueKey()
    const storage = memoryStorage({ [`ballast.${key}`]: text })
    expect(make(storage, { key }).read()).toBeUndefined()
    expect(make(storage, { key }).save(value)).toBe('saved')
    expect(make(storage, { key }).read()).toEqual(value)
  })

  test('property: whatever text is there, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const key = uniqueKey()
        expect(make(memoryStorage({ [`ballast.${key}`]: text }), { key }).read()).toBeUndefined()
      }),
    )
  })
})

describe('behaviour: storage that fails', () => {
  const fails = () => {
    throw new DOMException('no', 'QuotaExceededError')
  }

  test('behaviour: forbidden altogether', () => {
    const store = createStore({ key: uniqueKey(), version: 1, schema, storage: fails })
    expect(store.read()).toBeUndefined()
    expect(store.save(value)).toBe('heldInMemory')
    expect(store.read()).toEqual(value)
    store.clear()
    expect(store.read()).toBeUndefined()
  })

  test('behaviour: missing', () => {
    const store = make(undefined)
    expect(store.save(value)).toBe('heldInMemory')
    expect(store.read()).toEqual(value)
  })

  test('behaviour: full, then not full any more', () => {
    const storage = memoryStorage()
    const setItem = vi.spyOn(storage, 'setItem').mockImplementationOnce(fails)
    const key = uniqueKey()
    expect(make(storage, { key }).save(value)).toBe('heldInMemory')
    expect(make(storage, { key }).read()).toEqual(value)
    expect(make(storage, { key }).save({ ...value, name: 'later' })).toBe('saved')
    expect(setItem).toHaveBeenCalledTimes(2)
    expect(make(storage, { key }).read()).toMatchObject({ name: 'later' })
  })

  test('behaviour: full after an earlier value was saved keeps the newer one', () => {
    const storage = memoryStorage()
    const store = make(storage)
    store.save(value)
    vi.spyOn(storage, 'setItem').mockImplementation(fails)
    store.save({ ...value, name: 'newer' })
    expect(store.read()).toMatchObject({ name: 'newer' })
  })
})

test('behaviour: listeners hear of changes until they leave', () => {
  const storage = memoryStorage()
  const key = uniqueKey()
  const store = make(storage, { key })
  const listener = vi.fn()
  const stop = store.subscribe(listener)
  make(storage, { key }).save(value)
  store.clear()
  expect(listener).toHaveBeenCalledTimes(2)
  stop()
  store.save(value)
  expect(listener).toHaveBeenCalledTimes(2)
})

test('property: decodeJson(encodeJson(x)) is x', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.bigInt(),
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(json, (x) => {
      expect(decodeJson(encodeJson(x))).toEqual(x)
    }),
  )
})

test('behaviour: F-67 it is known, and told once, that something is not kept', () => {
  const key = uniqueKey()
  const storage = memoryStorage()
  let isFull = true
  const full: TextStorage = {
    ...storage,
    setItem: (name, text) => {
      if (isFull) throw new DOMException('full', 'QuotaExceededError')
      storage.setItem(name, text)
    },
  }
  const told = vi.fn()
  const stop = subscribeToForgetting(told)
  make(full, { key }).save(value)
  make(full, { key }).save({ ...value, name: 'again' })
  expect(told).toHaveBeenCalledTimes(1)
  expect(isForgetting()).toBe(true)
  isFull = false
  make(full, { key }).save(value)
  expect(told).toHaveBeenCalledTimes(2)
  stop()
})
