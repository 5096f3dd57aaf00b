import { useId } from 'react'
import { formatUsdFull } from '@/lib/core/numbers/format'

/** What has to be typed before a plan with a large impact can be signed: the loss in dollars, as it is shown. */
export function lossText(lossUsd: bigint): string {
  return formatUsdFull(lossUsd).replace(/[$,]/g, '')
}

/** Whether a person typed the loss. A dollar sign and separators may stand in it. */
export function isLossTyped(typed: string, lossUsd: bigint): boolean {
  return typed.replace(/[$,\s]/g, '') === lossText(lossUsd)
}

type LossGateProps = {
  readonly lossUsd: bigint
  readonly typed: string
  readonly onType: (typed: string) => void
}

/** Asks for the loss to be typed before such a plan can be signed. */
export function LossGate({ lossUsd, typed, onType }: LossGateProps) {
  const id = useId()
  return (
    <div className="rounded-control border border-warn-line bg-warn-soft px-4 py-3">
      <label htmlFor={id} className="block font-medium text-sm text-warn">
        This loses {formatUsdFull(lossUsd)} to price impact. Type {lossText(lossUsd)} to go on
      </label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        onChange={(event) => onType(event.target.value)}
        className="mt-2 h-11 w-full rounded-control border border-control bg-surface px-3 text-ink tabular-nums"
      />
    </div>
  )
}
