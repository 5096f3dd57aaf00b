import type { ReactNode } from 'react'
import { cx } from './cx'

type StatProps = {
  readonly label: ReactNode
  readonly value: ReactNode
  readonly note?: ReactNode
  readonly size?: 'md' | 'lg'
}

/** One figure under its name. Use it inside a `dl`. */
export function Stat({ label, value, note, size = 'md' }: StatProps) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-ink-faint">{label}</dt>
      <dd
        className={cx(
          'mt-0.5 font-semibold text-ink tabular-nums tracking-[-0.02em]',
          size === 'lg' ? 'text-[2.5rem] leading-[1.1] sm:text-[2.75rem]' : 'text-xl leading-snug',
        )}
      >
        {value}
      </dd>
      {note !== undefined && <dd className="mt-0.5 text-[13px] text-ink-faint">{note}</dd>}
    </div>
  )
}
