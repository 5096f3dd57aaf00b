const frame =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-control px-4 font-medium transition-colors'

/** Links that look like the buttons beside them. */
export const linkStyles = {
  primary: `${frame} bg-accent text-on-accent shadow-panel hover:bg-accent-strong`,
  secondary: `${frame} border border-line-strong bg-surface text-ink hover:border-control hover:bg-hover`,
} as const
