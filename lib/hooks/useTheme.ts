import { useSyncExternalStore } from 'react'
import { type StoredTheme, saveTheme } from '@/lib/storage/theme'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The page carries the choice since before its first paint. */
function selectTheme(): StoredTheme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function chooseTheme(theme: StoredTheme) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  saveTheme(theme)
  for (const listener of listeners) listener()
}

/** Light, dark, or as the device has it; and how to choose. */
export function useTheme() {
  return { theme: useSyncExternalStore(subscribe, selectTheme, () => 'system' as const), chooseTheme }
}
