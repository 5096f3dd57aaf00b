import { type ReactNode, useId } from 'react'
import { InfoTip } from '@/components/ui/InfoTip'
import type { LimitsDraft, LimitsRefusals } from './limitsDraft'

type FieldProps = {
  readonly label: string
  readonly unit: string
  readonly help: ReactNode
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (text: string) => void
}

function Field({ label, unit, help, value, problem, onChange }: FieldProps) {
  const id = useId()
  return (
    <div>
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        <InfoTip label={`About ${label.toLowerCase()}`}>{help}</InfoTip>
      </div>
      <span className="relative mt-1 block">
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          className="min-h-11 w-full rounded-control border border-control bg-surface pr-12 pl-3 text-base tabular-nums aria-invalid:border-danger sm:text-[15px]"
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

type LimitsFieldsProps = {
  readonly draft: LimitsDraft
  readonly refusals: LimitsRefusals
  readonly onChange: (draft: LimitsDraft) => void
}

/** How far assets may drift, how much a quote may slip, and what stays for gas. */
export function LimitsFields({ draft, refusals, onChange }: LimitsFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Band"
        unit="pp"
        help="An asset that is closer to its target than this counts as in band and is left alone."
        value={draft.band}
        problem={refusals.band}
        onChange={(band) => onChange({ ...draft, band })}
      />
      <Field
        label="Slippage"
        unit="%"
        help="A swap pays at least its quote less this, or the whole transaction is undone. At most 1 %."
        value={draft.slippage}
        problem={refusals.slippage}
        onChange={(slippage) => onChange({ ...draft, slippage })}
      />
      <Field
        label="Slippage between stable assets"
        unit="%"
        help="The same, where both assets are pegged to the dollar. The smaller of the two holds."
        value={draft.stableSlippage}
        problem={refusals.stableSlippage}
        onChange={(stableSlippage) => onChange({ ...draft, stableSlippage })}
      />
      <Field
        label="Reserve for gas"
        unit="ETH"
        help="This much stays in the native coin. Where the transaction itself needs more, more stays."
        value={draft.reserve}
        problem={refusals.reserve}
        onChange={(reserve) => onChange({ ...draft, reserve })}
      />
    </div>
  )
}
