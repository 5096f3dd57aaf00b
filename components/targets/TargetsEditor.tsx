import { useId, useState } from 'react'
import { Button } from '@/components/ui/Button'
import { cx } from '@/components/ui/cx'
import { Dialog } from '@/components/ui/Dialog'
import type { Asset, AssetId } from '@/lib/core/asset'
import type { Position } from '@/lib/core/portfolio/portfolio'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { weightsFromHoldings } from '@/lib/core/targetsEdit'
import { AddAssetCombobox } from './AddAssetCombobox'
import { describeObstacle, describeSum } from './draftWords'
import { LimitsFields } from './LimitsFields'
import { parseLimits, toLimitsDraft } from './limitsDraft'
import {
  addAsset,
  equaliseDraft,
  fillDraft,
  measureDraft,
  normaliseDraft,
  removeAsset,
  slideWeight,
  type TargetsDraft,
  toDraft,
  toggleLock,
  typeWeight,
} from './targetsDraft'
import { WeightRow } from './WeightRow'

type TargetsEditorProps = {
  readonly assets: readonly Asset[]
  readonly positions: readonly Position[]
  readonly targets: Targets | undefined
  readonly settings: PlanSettings
  readonly onSave: (targets: Targets, settings: PlanSettings) => void
  readonly onClose: () => void
}

function startDraft({ targets, positions }: Pick<TargetsEditorProps, 'targets' | 'positions'>): TargetsDraft {
  return toDraft(targets?.weights ?? weightsFromHoldings(positions))
}

/** Where targets and limits are set. Nothing is kept until "Save targets". */
export function TargetsEditor(props: TargetsEditorProps) {
  const { assets, positions, settings, onSave, onClose } = props
  const [draft, setDraft] = useState(() => startDraft(props))
  const [limits, setLimits] = useState(() => toLimitsDraft(settings))
  const [touched, setTouched] = useState<AssetId>()
  const [added, setAdded] = useState<AssetId>()
  const reasonId = useId()

  const state = measureDraft(draft)
  const parsedLimits = parseLimits(limits)
  const refusals = parsedLimits.status === 'refused' ? parsedLimits.refusals : {}
  const obstacle =
    describeObstacle(state) ??
    (parsedLimits.status === 'refused' ? 'A limit cannot be read. Correct it to save.' : undefined)
  const isWrong = obstacle !== undefined && state.status !== 'short' && state.status !== 'empty'
  const heldPositions = positions.filter(({ amount }) => amount !== 0n)
  const nowOf = new Map(heldPositions.map(({ assetId, weightBps }) => [assetId, weightBps]))
  const missing = assets.filter(({ id }) => !draft.some(({ assetId }) => assetId === id))
  const fillId = draft.find(({ assetId }) => assetId === touched)?.assetId ?? draft.at(-1)?.assetId
  const held = weightsFromHoldings(positions)

  function save() {
    if (state.status !== 'ready' || parsedLimits.status !== 'parsed') return
    onSave(state.targets, parsedLimits.settings)
  }

  function edit(assetId: AssetId, next: TargetsDraft) {
    setTouched(assetId)
    setAdded(undefined)
    setDraft(next)
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="wide"
      staysOpenOnOutsideClick
      title="Targets"
      description="What each asset is meant to make up. Kept on this device, for this account and chain."
      footer={
        <div className="flex w-full flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-56">
            <output className="block font-semibold tabular-nums">{describeSum(state.sumBps)}</output>
            <p
              id={reasonId}
              role={isWrong ? 'alert' : undefined}
              data-error-code={isWrong ? `targets-${state.status}` : undefined}
              className={cx('min-h-10 text-sm leading-5 sm:min-h-5', isWrong ? 'text-danger' : 'text-ink-faint')}
            >
              {obstacle ?? 'Ready to save.'}
            </p>
          </div>
          <Button
            variant="primary"
            disabled={obstacle !== undefined}
            aria-describedby={reasonId}
            onClick={save}
            className="max-sm:w-full"
          >
            Save targets
          </Button>
        </div>
      }
    >
      <AddAssetCombobox
        assets={missing}
        onAdd={(assetId) => {
          setTouched(assetId)
          setAdded(assetId)
          setDraft((current) => addAsset(current, assetId))
        }}
      />
      <fieldset className="mt-3 flex flex-wrap gap-2">
        <legend className="sr-only">Change all</legend>
        <Button size="sm" onClick={() => setDraft(normaliseDraft(draft))} disabled={draft.length === 0}>
          Normalise
        </Button>
        <Button size="sm" onClick={() => setDraft(equaliseDraft(draft))} disabled={draft.length === 0}>
          Equal
        </Button>
        <Button size="sm" onClick={() => setDraft(toDraft(held))} disabled={held.length === 0}>
          From holdings
        </Button>
        <Button
          size="sm"
          onClick={() => fillId !== undefined && setDraft(fillDraft(draft, fillId))}
          disabled={fillId === undefined}
        >
          Fill the rest{fillId !== undefined && ` with ${fillId}`}
        </Button>
      </fieldset>
      {draft.length === 0 ? (
        <p className="mt-4 rounded-control border border-line border-dashed px-4 py-8 text-center text-ink-faint">
          No targets yet. Add an asset above to begin.
        </p>
      ) : (
        <ul className="mt-2">
          {draft.map((row) => (
            <WeightRow
              key={row.assetId}
              row={row}
              nowBps={nowOf.get(row.assetId)}
              isFocusWanted={row.assetId === added}
              onType={(text) => edit(row.assetId, typeWeight(draft, row.assetId, text))}
              onSlide={(weightBps) => edit(row.assetId, slideWeight(draft, row.assetId, weightBps))}
              onToggleLock={() => edit(row.assetId, toggleLock(draft, row.assetId))}
              onRemove={() => edit(row.assetId, removeAsset(draft, row.assetId))}
            />
          ))}
        </ul>
      )}
      <details className="group mt-4 border-line border-t pt-1">
        <summary className="flex min-h-11 items-center gap-2 font-medium text-sm marker:content-none">
          <span aria-hidden="true" className="transition-transform group-open:rotate-90">
            ›
          </span>
          Limits
          <span className="font-normal text-ink-faint">
            band {limits.band} pp · slippage {limits.slippage} %
          </span>
        </summary>
        <div className="pt-2 pb-1">
          <LimitsFields draft={limits} refusals={refusals} onChange={setLimits} />
        </div>
      </details>
    </Dialog>
  )
}
