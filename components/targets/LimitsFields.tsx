import { TextField } from '@/components/ui/Field'
import type { LimitsDraft, LimitsRefusals } from './limitsDraft'

type LimitsFieldsProps = {
  readonly draft: LimitsDraft
  readonly refusals: LimitsRefusals
  readonly onChange: (draft: LimitsDraft) => void
}

/** How far assets may drift, how much a quote may slip, and what stays for gas. */
export function LimitsFields({ draft, refusals, onChange }: LimitsFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Band"
        unit="pp"
        help="An asset that is closer to its target than this counts as in band and is left alone."
        value={draft.band}
        problem={refusals.band}
        onChange={(band) => onChange({ ...draft, band })}
      />
      <TextField
        label="Slippage"
        unit="%"
        help="A swap pays at least its quote less this, or the whole transaction is undone. At most 1 %."
        value={draft.slippage}
        problem={refusals.slippage}
        onChange={(slippage) => onChange({ ...draft, slippage })}
      />
      <TextField
        label="Slippage between stable assets"
        unit="%"
        help="The same, where both assets are pegged to the dollar. The smaller of the two holds."
        value={draft.stableSlippage}
        problem={refusals.stableSlippage}
        onChange={(stableSlippage) => onChange({ ...draft, stableSlippage })}
      />
      <TextField
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
