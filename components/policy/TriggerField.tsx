import { useId } from 'react'
import { cx } from '@/components/ui/cx'

type TriggerFieldProps = {
  readonly label: string
  readonly unit: string
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (text: string) => void
}

/** A number with its unit, and what is wrong with it. */
export function TriggerField({ label, unit, value, problem, onChange }: TriggerFieldProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-ink-soft text-sm">
        {label}
      </label>
      <span className="relative mt-1 block max-w-44">
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          className={cx(
            'min-h-11 w-full rounded-control border border-control bg-surface pl-3 text-base tabular-nums aria-invalid:border-danger sm:text-[15px]',
            unit.length > 3 ? 'pr-16' : 'pr-11',
          )}
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-ink-faint text-sm"
        >
          {unit}
        </span>
      </span>
      {problem !== undefined && (
        <p id={`${id}-problem`} className="mt-1 text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  )
}
