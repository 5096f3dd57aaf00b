import type { ReactNode } from 'react'

/** A wide table that scrolls by itself, also from the keyboard, so that the page does not. */
export function TableScroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: What scrolls has to be reached from the keyboard.
    <section aria-label={`${label}, table`} tabIndex={0} className="overflow-x-auto">
      {children}
    </section>
  )
}
