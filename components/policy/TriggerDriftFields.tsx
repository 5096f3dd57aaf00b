import { type ReactNode, useId } from 'react'
import { TextField } from '@/components/ui/Field'
import type { DriftChoice, TriggerDraft, TriggerRefusals } from './triggerDraft'
import { historyNeeded } from './triggerWords'

type DriftFieldsProps = {
  readonly draft: TriggerDraft
  readonly refusals: TriggerRefusals
  readonly hasHistory: boolean
  readonly onChange: (change: Partial<TriggerDraft>) => void
}

type DriftNumber = 'least' | 'absolute' | 'relative' | 'deviations' | 'horizonDays'

const choices: readonly { readonly drift: DriftChoice; readonly label: string; readonly note: string }[] = [
  { drift: 'none', label: 'Off', note: 'Nothing is said about drift.' },
  { drift: 'absolute', label: 'Percentage points', note: 'The same distance from the target for every asset.' },
  { drift: 'relative', label: 'Share of the target', note: 'A quarter of a 40 % target is 10 points.' },
  { drift: 'volatilityScaled', label: 'By volatility', note: 'So many deviations of what the weight does in a time.' },
  { drift: 'costAware', label: 'By costs', note: 'The band at which fees, gas and drift together cost least.' },
]

const aversions = [
  { riskAversion: 'relaxed', label: 'Relaxed: drift weighs 1.5' },
  { riskAversion: 'normal', label: 'Normal: drift weighs 3' },
  { riskAversion: 'cautious', label: 'Cautious: drift weighs 6' },
] as const

/** How drift is judged: one of five ways, with its numbers. */
export function TriggerDriftFields({ draft, refusals, hasHistory, onChange }: DriftFieldsProps) {
  const name = useId()
  const missing = hasHistory ? undefined : (
    <p className="text-ink-soft text-sm">
      This {historyNeeded} of every asset. Until they are read, and where there are fewer, nothing is judged.
    </p>
  )
  const numberField = (key: DriftNumber, label: string, unit: string) => (
    <div className="max-w-44">
      <TextField
        label={label}
        unit={unit}
        value={draft[key]}
        problem={refusals[key]}
        onChange={(text) => onChange({ [key]: text })}
      />
    </div>
  )
  const least = numberField('least', 'But at least', 'pp')
  const fields: Readonly<Record<DriftChoice, ReactNode>> = {
    none: null,
    absolute: numberField('absolute', 'Distance from the target', 'pp'),
    relative: (
      <div className="grid grid-cols-2 gap-3">
        {numberField('relative', 'Of the target', '%')}
        {least}
      </div>
    ),
    volatilityScaled: (
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        {numberField('deviations', 'Deviations', '×')}
        {numberField('horizonDays', 'In a time of', 'days')}
        {least}
        {missing !== undefined && <div className="col-span-2 sm:col-span-3">{missing}</div>}
      </div>
    ),
    costAware: (
      <div className="space-y-2">
        <select
          aria-label="How much drift weighs against cost"
          value={draft.riskAversion}
          onChange={({ target }) => {
            const chosen = aversions.find(({ riskAversion }) => riskAversion === target.value)
            if (chosen !== undefined) onChange({ riskAversion: chosen.riskAversion })
          }}
          className="min-h-11 w-full max-w-72 rounded-control border border-control bg-surface px-3 text-base sm:text-[15px]"
        >
          {aversions.map(({ riskAversion, label }) => (
            <option key={riskAversion} value={riskAversion}>
              {label}
            </option>
          ))}
        </select>
        <p className="text-[13px] text-ink-faint">
          With a fee of 0.3 % and the gas price of now; volatility cancels out. The lab shows the arithmetic.
        </p>
      </div>
    ),
  }

  return (
    <fieldset>
      <legend className="font-semibold">When an asset drifts</legend>
      <ul className="mt-1">
        {choices.map(({ drift, label, note }) => (
          <li key={drift} className="border-line border-t first:border-t-0">
            <label className="flex min-h-11 items-center gap-3 py-1.5">
              <input
                type="radio"
                name={name}
                checked={draft.drift === drift}
                onChange={() => onChange({ drift })}
                className="size-[18px] shrink-0 accent-accent"
              />
              <span className="min-w-0 leading-5">
                <span className="font-medium text-[15px]">{label}</span>
                <span className="block text-[13px] text-ink-faint">{note}</span>
              </span>
            </label>
            {draft.drift === drift && fields[drift] !== null && <div className="pb-3 pl-[30px]">{fields[drift]}</div>}
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
