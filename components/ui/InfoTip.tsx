import { type ReactNode, useId } from 'react'

/** A small "i" that explains a word on hover, focus and tap. The explanation is read out with the button. */
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
        className="pointer-events-none invisible absolute bottom-full left-1/2 z-30 mb-2 w-60 -translate-x-1/2 rounded-control border border-line bg-raised px-3 py-2 text-left font-normal text-[13px] text-ink-soft normal-case leading-snug tracking-normal opacity-0 shadow-float transition-opacity group-focus-within/tip:visible group-focus-within/tip:opacity-100 group-hover/tip:visible group-hover/tip:opacity-100"
      >
        {children}
      </span>
    </span>
  )
}
