/** As much of `localStorage` as is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** The browser's `localStorage`; nothing where there is none or where the browser forbids it. */
export function browserStorage(): TextStorage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
