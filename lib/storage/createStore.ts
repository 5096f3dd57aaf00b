import * as v from 'valibot'
import { browserStorage, type TextStorage, takesWrites } from './browserStorage'
import { decodeJson, encodeJson } from './jsonCodec'

/** Whether a value will still be there after a reload, or only until then. */
export type SaveOutcome = 'saved' | 'heldInMemory'

/** One value that outlives the page, if the browser lets it. No method throws. */
export type Store<T> = {
  /** The value, or nothing. The same object as before while nothing changed, so that React can compare it. */
  read(): T | undefined
  /** Keeps a value. Where storage is full or forbidden it is kept until the page closes. */
  save(value: T): SaveOutcome
  clear(): void
  /** Calls back after each change, also from another tab. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** What a store keeps, and where. */
export type StoreOptions<T> = {
  /** Unique among all stores, without the prefix that all share. */
  readonly key: string
  /** Raised when the shape changes: what an older version wrote is then not read, but for `earlier`. */
  readonly version: number
  /** How what the version before wrote becomes a value of this one. May throw: then it is as if nothing were there. */
  readonly earlier?: { readonly version: number; readonly upgrade: (value: unknown) => unknown }
  /** Decides what counts as a value; anything else is as if nothing were there. */
  readonly schema: v.GenericSchema<unknown, T>
  /** Where it is kept instead of `localStorage`. */
  readonly storage?: () => TextStorage | undefined
}

/** All keys of this app begin with it. */
export const storagePrefix = 'ballast.'
const listeners = new Map<string, Set<() => void>>()
/** What could not be written, by key: it holds for every store of that key on this page. */
const heldInMemory = new Map<string, string | undefined>()

const forgettingListeners = new Set<() => void>()
/** Whether the browser took nothing new when it was first asked about. */
let isClosed: boolean | undefined

function tellAbout(key: string): void {
  for (const listener of listeners.get(key) ?? []) listener()
}

/** Whether something that was to be kept is gone once the page closes: the browser forbids storage, or has no room. */
export function isForgetting(): boolean {
  isClosed ??= !takesWrites(browserStorage())
  return isClosed || heldInMemory.size > 0
}

/** Calls back when {@link isForgetting} may have changed. Returns how to stop. */
export function subscribeToForgetting(listener: () => void): () => void {
  forgettingListeners.add(listener)
  return () => forgettingListeners.delete(listener)
}

const envelopeSchema = v.object({ version: v.number(), value: v.unknown() })

function decode<T>(text: string, { version, schema, earlier }: StoreOptions<T>): T | undefined {
  try {
    const { version: written, value } = v.parse(envelopeSchema, decodeJson(text))
    if (written === version) return v.parse(schema, value)
    return written === earlier?.version ? v.parse(schema, earlier.upgrade(value)) : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes a store of one value. What it reads is checked by the schema: corrupt data, data of another version and
 * forbidden storage all read as nothing.
 */
export function createStore<T>(options: StoreOptions<T>): Store<T> {
  const { version, storage: findStorage = browserStorage } = options
  const key = storagePrefix + options.key
  let last: { readonly text: string; readonly value: T | undefined } | undefined

  const readText = (): string | undefined => {
    if (heldInMemory.has(key)) return heldInMemory.get(key)
    try {
      return findStorage()?.getItem(key) ?? undefined
    } catch {
      return undefined
    }
  }

  const keepText = (text: string | undefined): SaveOutcome => {
    try {
      const storage = findStorage()
      if (storage === undefined) throw new Error('no storage')
      if (text === undefined) storage.removeItem(key)
      else storage.setItem(key, text)
      heldInMemory.delete(key)
      return 'saved'
    } catch {
      heldInMemory.set(key, text)
      return 'heldInMemory'
    }
  }

  const writeText = (text: string | undefined): SaveOutcome => {
    const heldBefore = heldInMemory.size
    const outcome = keepText(text)
    if (heldInMemory.size !== heldBefore) for (const listener of forgettingListeners) listener()
    return outcome
  }

  return {
    read() {
      const text = readText()
      if (text === undefined) return undefined
      if (last?.text !== text) last = { text, value: decode(text, options) }
      return last.value
    },
    save(value) {
      const outcome = writeText(encodeJson({ version, value }))
      tellAbout(key)
      return outcome
    },
    clear() {
      writeText(undefined)
      tellAbout(key)
    },
    subscribe(listener) {
      const ofKey = listeners.get(key) ?? new Set()
      listeners.set(key, ofKey.add(listener))
      // `storage` events come from other tabs only; a missing key means that all was cleared.
      const onStorage = (event: StorageEvent) => {
        if (event.key === key || event.key === null) listener()
      }
      globalThis.addEventListener?.('storage', onStorage as EventListener)
      return () => {
        ofKey.delete(listener)
        globalThis.removeEventListener?.('storage', onStorage as EventListener)
      }
    },
  }
}
