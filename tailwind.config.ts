import type { Config } from 'tailwindcss'

/** Dark where the page says so (`data-theme="dark"`), or where it says nothing and the system is dark. */
export default {
  content: ['./app/**/*.{ts,tsx}', './components/**/*.{ts,tsx}'],
  darkMode: [
    'variant',
    [
      '&:where([data-theme="dark"], [data-theme="dark"] *)',
      '@media (prefers-color-scheme: dark) { &:where(:root:not([data-theme="light"]), :root:not([data-theme="light"]) *) }',
    ],
  ],
} satisfies Config
