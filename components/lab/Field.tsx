import { type ReactNode, useId } from 'react'
import { InfoTip } from '@/components/ui/InfoTip'

type FieldProps = {
  readonly label: string
  readonly unit?: string
  readonly help?: ReactNode
  /** What stands below where nothing is wrong. */
  readonly note?: ReactNode
  readonly value: string
  readonly problem?: string | undefined
  readonly onChange: (text: string) => void
}

/** A figure that is typed, with its unit and, where it is not taken, the reason. */
export function Field({ label, unit, help, note, value, problem, onChange }: FieldProps) {
  const id = useId()
  const below = problem ?? note
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {help !== undefined && <InfoTip label={`About ${label.toLowerCase()}`}>{help}</InfoTip>}
      </div>
      <span className="relative mt-1 block">
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={below === undefined ? undefined : `${id}-below`}
          className={`min-h-11 w-full rounded-control border border-control bg-surface pl-3 text-base tabular-nums aria-invalid:border-danger sm:text-[15px] ${unit === undefined ? 'pr-3' : 'pr-14'}`}
        />
        {unit !== undefined && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-ink-faint text-sm"
          >
            {unit}
          </span>
        )}
      </span>
      {below !== undefined && (
        <p
          id={`${id}-below`}
          className={`mt-1 text-[13px] ${problem === undefined ? 'text-ink-faint' : 'text-danger'}`}
        >
          {below}
        </p>
      )}
    </div>
  )
}

type ChoiceProps<Value extends string> = {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly name: string }[]
  readonly note?: ReactNode
  readonly onChange: (value: Value) => void
}

/** One of a few, in a list that opens. */
export function Choice<Value extends string>({ label, value, options, note, onChange }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <div className="flex items-center">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
      </div>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className="mt-1 block min-h-11 w-full rounded-control border border-control bg-surface px-3 text-base sm:text-[15px]"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      {note !== undefined && (
        <p id={`${id}-note`} className="mt-1 text-[13px] text-ink-faint">
          {note}
        </p>
      )}
    </div>
  )
}
