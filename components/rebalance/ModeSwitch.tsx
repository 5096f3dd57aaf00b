import { useId } from 'react'
import { Button } from '@/components/ui/Button'
import { cx } from '@/components/ui/cx'
import type { Asset } from '@/lib/core/asset'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import type { PlanMode } from '@/lib/core/policy/policy'
import type { Snapshot } from '@/lib/core/snapshot'
import type { PlanSubject } from '@/lib/query/planQuery'
import { amountText, heldAmount, listCashChoices, type ModeDraft, measureInvestable, readMode } from './modeDraft'
import { modes } from './modeWords'
import { findAsset } from './planView'

type ModeSwitchProps = {
  readonly draft: ModeDraft
  readonly subject: Pick<PlanSubject, 'deployment' | 'settings'>
  /** What was read last; amounts held are not known without it. */
  readonly snapshot: Pick<Snapshot, 'assets'> | undefined
  readonly onChange: (draft: ModeDraft) => void
}

/** What the plan is for, and for cash how much of what. */
export function ModeSwitch({ draft, subject, snapshot, onChange }: ModeSwitchProps) {
  const { assets } = subject.deployment
  const name = useId()

  function choose(kind: PlanMode['kind']) {
    const { stable, others } = listCashChoices(
      { kind, assetId: '' },
      { assets, snapshot, policy: subject.settings.policy },
    )
    const choices = [...stable, ...others]
    const isKept = choices.some(({ id }) => id === draft.assetId)
    onChange({ ...draft, kind, assetId: isKept ? draft.assetId : (choices[0]?.id ?? '') })
  }

  return (
    <div className="mb-5">
      <div
        role="radiogroup"
        aria-label="What the plan is for"
        className="grid max-w-2xl grid-cols-2 gap-1 rounded-panel border border-line bg-sunken p-1 sm:grid-cols-4"
      >
        {modes.map(({ kind, text }) => (
          <label
            key={kind}
            className={cx(
              'flex min-h-11 cursor-pointer select-none items-center justify-center rounded-control px-3 font-medium text-sm transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
              draft.kind === kind
                ? 'bg-surface text-accent shadow-panel ring-1 ring-line-strong'
                : 'text-ink-soft hover:bg-hover hover:text-ink',
            )}
          >
            <input
              type="radio"
              name={name}
              value={kind}
              checked={draft.kind === kind}
              onChange={() => choose(kind)}
              className="sr-only"
            />
            {text}
          </label>
        ))}
      </div>
      {draft.kind !== 'rebalance' && (
        <CashFields draft={draft} subject={subject} snapshot={snapshot} onChange={onChange} />
      )}
    </div>
  )
}

const box =
  'min-h-11 rounded-control border border-control bg-surface text-base aria-invalid:border-danger sm:text-[15px]'

function optionsOf(choices: readonly Asset[]) {
  return choices.map(({ id }) => (
    <option key={id} value={id}>
      {id}
    </option>
  ))
}

function CashFields({ draft, subject, snapshot, onChange }: ModeSwitchProps) {
  const { deployment, settings } = subject
  const { assets, contracts, nativeReserveFloor } = deployment
  const id = useId()
  const read = readMode(draft, assets)
  const problem = read.status === 'refused' ? read.message : undefined
  const { stable, others } = listCashChoices(draft, { assets, snapshot, policy: settings.policy })
  const asset = findAsset(assets, draft.assetId)
  const held = heldAmount(snapshot, draft.assetId)
  const isNative = asset?.poolToken.address.toLowerCase() === contracts.wrappedNative.toLowerCase()
  const most =
    asset === undefined || draft.kind !== 'investCash'
      ? undefined
      : measureInvestable(asset, { snapshot, settings, nativeReserveFloor, isNative })

  return (
    <div className="mt-4 max-w-2xl">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-28">
          <label htmlFor={id} className="font-medium text-sm">
            Amount
          </label>
          <input
            id={id}
            value={draft.text}
            onChange={(event) => onChange({ ...draft, text: event.target.value })}
            inputMode="decimal"
            autoComplete="off"
            placeholder="0"
            aria-invalid={problem !== undefined}
            aria-describedby={`${id}-note`}
            className={`${box} mt-1 w-full px-3 tabular-nums placeholder:text-ink-faint`}
          />
        </div>
        <select
          aria-label="Cash asset"
          value={draft.assetId}
          onChange={(event) => onChange({ ...draft, assetId: event.target.value })}
          className={`${box} px-2`}
        >
          {stable.length > 0 && <optgroup label="Stable assets">{optionsOf(stable)}</optgroup>}
          {others.length > 0 && <optgroup label="Others">{optionsOf(others)}</optgroup>}
        </select>
        {asset !== undefined && most !== undefined && (
          <Button
            onClick={() => onChange({ ...draft, text: amountText(most, asset) })}
            disabled={most === 0n}
            aria-label={`All ${asset.id}`}
          >
            All
          </Button>
        )}
      </div>
      <p
        id={`${id}-note`}
        role={problem === undefined ? undefined : 'alert'}
        className={cx('mt-1 min-h-5 text-sm', problem === undefined ? 'text-ink-faint' : 'text-danger')}
      >
        {problem ??
          (asset === undefined || held === undefined
            ? ''
            : `You hold ${formatTokenAmount(held, asset.decimals)} ${asset.id}.`)}
      </p>
    </div>
  )
}
