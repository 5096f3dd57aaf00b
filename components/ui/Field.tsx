import { type ReactNode, useId } from 'react'
import { cx } from './cx'
import { InfoTip } from './InfoTip'

type FrameProps = {
  readonly id: string
  readonly label: string
  /** Said after the label to those who do not see where the field stands. */
  readonly of?: string | undefined
  readonly help?: ReactNode
  /** What stands below where nothing is wrong. */
  readonly note?: ReactNode
  readonly problem?: string | undefined
  readonly children: ReactNode
}

/** The id of what stands below a control, where anything does. */
function describedBy(id: string, { problem, note }: Pick<FrameProps, 'problem' | 'note'>): string | undefined {
  return problem === undefined && note === undefined ? undefined : `${id}-below`
}

function Frame({ id, label, of, help, note, problem, children }: FrameProps) {
  const below = describedBy(id, { problem, note })
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
          {of !== undefined && <span className="sr-only"> of {of}</span>}
        </label>
        {help !== undefined && <InfoTip label={`About ${label.toLowerCase()}`}>{help}</InfoTip>}
      </div>
      {children}
      {below !== undefined && (
        <p
          id={below}
          className={cx('mt-1', problem === undefined ? 'text-[13px] text-ink-faint' : 'text-danger text-sm')}
        >
          {problem ?? note}
        </p>
      )}
    </div>
  )
}

/** How a control looks that shares its row with its own label. */
export const controlLook =
  'min-h-11 w-full rounded-control border border-control bg-surface text-base aria-invalid:border-danger sm:text-[15px]'

type TextFieldProps = Omit<FrameProps, 'id' | 'children'> & {
  readonly unit?: string
  readonly value: string
  readonly placeholder?: string
  readonly onChange: (text: string) => void
}

/** Room at the end of a field for its unit. */
function roomFor(unit: string | undefined): string {
  if (unit === undefined) return 'pr-3'
  return unit.length > 3 ? 'pr-16' : 'pr-12'
}

/** A number as it is typed, with its unit and what is wrong with it. */
export function TextField({ unit, value, placeholder, onChange, ...frame }: TextFieldProps) {
  const id = useId()
  const { problem } = frame
  return (
    <Frame id={id} {...frame}>
      <span className="relative mt-1 block">
        <input
          id={id}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy(id, frame)}
          className={cx(controlLook, 'pl-3 tabular-nums placeholder:text-ink-faint', roomFor(unit))}
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
    </Frame>
  )
}

type SelectFieldProps<Value extends string> = Omit<FrameProps, 'id' | 'children'> & {
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly text: string }[]
  readonly onChange: (value: Value) => void
}

/** One of a few. */
export function SelectField<Value extends string>({ value, options, onChange, ...frame }: SelectFieldProps<Value>) {
  const id = useId()
  const { problem } = frame
  return (
    <Frame id={id} {...frame}>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
        aria-invalid={problem !== undefined}
        aria-describedby={describedBy(id, frame)}
        className={`${controlLook} mt-1 pr-2 pl-3`}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </Frame>
  )
}
