import { type ReactNode, useId } from 'react'

/**
 * A small "i" that explains a word on hover, focus and tap. The explanation is read out with the button. On a narrow screen it stands
 * at the foot, where it fits.
 */
export function InfoTip({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    <span className="group/tip relative inline-flex align-middle">
      <button
        type="button"
        aria-label={label}
        aria-describedby={id}
        className="-m-3.5 inline-flex size-11 cursor-help items-center justify-center text-ink-faint hover:text-ink"
      >
        <span
          aria-hidden="true"
          className="inline-flex size-[15px] items-center justify-center rounded-full border border-current font-semibold text-[10px] leading-none"
        >
          i
        </span>
      </button>
      <span
        role="tooltip"
        id={id}
        className="pointer-events-none fixed inset-x-4 bottom-4 z-30 hidden whitespace-normal rounded-control border border-line bg-raised px-3 py-2 text-left font-normal text-[13px] text-ink-soft normal-case leading-snug tracking-normal shadow-float group-focus-within/tip:block group-hover/tip:block sm:absolute sm:inset-x-auto sm:bottom-full sm:left-1/2 sm:mb-2 sm:w-60 sm:-translate-x-1/2"
      >
        {children}
      </span>
    </span>
  )
}
