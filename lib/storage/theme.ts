import { browserStorage } from './browserStorage'

/** `system` follows the device. */
export type StoredTheme = 'system' | 'light' | 'dark'

/**
 * Where the theme is kept. It is a bare word, not a versioned value: a script reads it before anything is painted.
 */
export const themeKey = 'ballast.theme'

/** Reads the chosen theme; `system` where none was chosen or nothing can be read. */
export function readTheme(): StoredTheme {
  try {
    const theme = browserStorage()?.getItem(themeKey)
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}

/** Keeps the chosen theme where the browser lets it. */
export function saveTheme(theme: StoredTheme): void {
  try {
    if (theme === 'system') browserStorage()?.removeItem(themeKey)
    else browserStorage()?.setItem(themeKey, theme)
  } catch {
    // The theme holds until the page closes.
  }
}
