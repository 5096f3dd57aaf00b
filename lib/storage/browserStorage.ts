/** As much of `localStorage` as is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** `localStorage` whose keys can be listed too. */
export type ListedStorage = TextStorage & Pick<Storage, 'length' | 'key'>

/** Set where something stands in for `localStorage`: what is really there. */
let behind: { readonly storage: ListedStorage | undefined } | undefined

function findStorage(): ListedStorage | undefined {
  try {
    return globalThis.localStorage ?? undefined
  } catch {
    return undefined
  }
}

/** The browser's `localStorage`; nothing where there is none or where the browser forbids it. */
export function browserStorage(): ListedStorage | undefined {
  return behind === undefined ? findStorage() : behind.storage
}

const probeKey = 'ballast.probe'
/** Longer than the keys of the wallet's own code, so that where this fits they fit. */
const probeText = '.'.repeat(1_024)

/** Whether a storage takes something new and gives it back. */
export function takesWrites(storage: TextStorage | undefined): boolean {
  try {
    if (storage === undefined) return false
    storage.setItem(probeKey, probeText)
    const isKept = storage.getItem(probeKey) === probeText
    storage.removeItem(probeKey)
    return isKept
  } catch {
    return false
  }
}

/** A storage that never throws: what the one behind it does not take is held until the page is closed. */
export function forgivingStorage(find: () => TextStorage | undefined): TextStorage {
  const held = new Map<string, string | null>()
  const write = (key: string, text: string | null) => {
    try {
      const storage = find()
      if (storage === undefined) throw new RangeError('There is no storage.')
      if (text === null) storage.removeItem(key)
      else storage.setItem(key, text)
      held.delete(key)
    } catch {
      held.set(key, text)
    }
  }
  return {
    getItem(key) {
      const own = held.get(key)
      if (own !== undefined) return own
      try {
        return find()?.getItem(key) ?? null
      } catch {
        return null
      }
    },
    setItem: (key, text) => write(key, String(text)),
    removeItem: (key) => write(key, null),
  }
}

/**
 * Puts a storage that never throws in the place of `localStorage` where the browser's own throws, for code of others that does not
 * expect that. What this app keeps itself still goes by {@link browserStorage}.
 */
export function standInForStorage(): void {
  if (behind !== undefined) return
  const storage = findStorage()
  if (takesWrites(storage)) return
  behind = { storage }
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: forgivingStorage(() => storage) })
}
