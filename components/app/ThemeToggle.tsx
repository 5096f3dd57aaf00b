'use client'

import { IconButton } from '@/components/ui/IconButton'
import { useTheme } from '@/lib/hooks/useTheme'
import type { StoredTheme } from '@/lib/storage/theme'

const next: Record<StoredTheme, StoredTheme> = { system: 'light', light: 'dark', dark: 'system' }
const icons = { system: 'system', light: 'sun', dark: 'moon' } as const
const names: Record<StoredTheme, string> = { system: 'as the device', light: 'light', dark: 'dark' }

/** Goes through the three choices of colours. */
export function ThemeToggle() {
  const { theme, chooseTheme } = useTheme()
  return (
    <IconButton
      icon={icons[theme]}
      label={`Colours: ${names[theme]}. Change to ${names[next[theme]]}`}
      onClick={() => chooseTheme(next[theme])}
    />
  )
}
