import { useId } from 'react'
import { destinations, scopes } from '@/components/policy/ruleWords'
import { controlLook, SelectField, TextField } from '@/components/ui/Field'
import { InfoTip } from '@/components/ui/InfoTip'
import type { Asset } from '@/lib/core/asset'
import type { PolicyDraft } from './policyDraft'

/** What is wrong beside the fields that hold for the whole portfolio. */
export type PolicyProblems = {
  readonly reserve?: string | undefined
  readonly turnoverCap?: string | undefined
  readonly minimumTrade?: string | undefined
}

type PolicyFieldsProps = {
  readonly draft: PolicyDraft
  readonly problems: PolicyProblems
  readonly assets: readonly Asset[]
  readonly onChange: (draft: PolicyDraft) => void
}

/** Which assets a plan moves, how far, and what it leaves alone. */
export function PolicyFields({ draft, problems, assets, onChange }: PolicyFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Scope"
        help="Of what is in band only as much moves as the sum needs."
        value={draft.scope}
        options={scopes}
        onChange={(scope) => onChange({ ...draft, scope })}
      />
      <SelectField
        label="Destination"
        help="Going only half-way or to the edge of the band costs less, and is needed again sooner."
        value={draft.destination}
        options={destinations}
        onChange={(destination) => onChange({ ...draft, destination })}
      />
      <ReserveField draft={draft} problem={problems.reserve} assets={assets} onChange={onChange} />
      <TextField
        label="Turnover cap"
        unit="%"
        help="The most that one plan sells, of the whole portfolio. Every trade is scaled down, none is dropped."
        placeholder="none"
        value={draft.turnoverCap}
        problem={problems.turnoverCap}
        onChange={(turnoverCap) => onChange({ ...draft, turnoverCap })}
      />
      <TextField
        label="Minimum trade"
        unit="$"
        help="No trade is smaller. What a trade must be to be worth its gas holds all the same."
        placeholder="by gas"
        value={draft.minimumTrade}
        problem={problems.minimumTrade}
        onChange={(minimumTrade) => onChange({ ...draft, minimumTrade })}
      />
    </div>
  )
}

type ReserveFieldProps = Pick<PolicyFieldsProps, 'draft' | 'assets' | 'onChange'> & {
  readonly problem: string | undefined
}

function ReserveField({ draft, problem, assets, onChange }: ReserveFieldProps) {
  const id = useId()
  const choices = assets.filter((asset) => asset.isStable || asset.id === draft.reserveAssetId)
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          Cash reserve
        </label>
        <InfoTip label="About cash reserve">
          This much of a stable asset is never sold. Where there is less, it is filled up.
        </InfoTip>
      </div>
      <span className="mt-1 flex gap-2">
        <input
          id={id}
          value={draft.reserve}
          placeholder="none"
          onChange={(event) => onChange({ ...draft, reserve: event.target.value })}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          className={`${controlLook} min-w-0 flex-1 px-3 tabular-nums placeholder:text-ink-faint`}
        />
        <select
          aria-label="Asset of the cash reserve"
          value={draft.reserveAssetId}
          onChange={(event) => onChange({ ...draft, reserveAssetId: event.target.value })}
          className={`${controlLook} w-auto! max-w-28 pr-1 pl-2`}
        >
          {choices.map((asset) => (
            <option key={asset.id} value={asset.id}>
              {asset.id}
            </option>
          ))}
        </select>
      </span>
      {problem !== undefined && (
        <p id={`${id}-problem`} className="mt-1 text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  )
}
