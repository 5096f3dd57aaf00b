import { cx } from '@/components/ui/cx'

/** The sign of Ballast: a level line that is held by the weight below it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cx('size-6', className)}>
      <path d="M1.5 9.2h21" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M4.6 13.2a7.4 7.4 0 0 0 14.8 0Z" fill="var(--accent)" />
      <circle cx="12" cy="4.4" r="1.9" fill="currentColor" />
    </svg>
  )
}
