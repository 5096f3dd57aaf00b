import { useId, useState } from 'react'
import { Button } from '@/components/ui/Button'
import { cx } from '@/components/ui/cx'
import { Dialog } from '@/components/ui/Dialog'
import type { Asset, AssetId } from '@/lib/core/asset'
import type { Position } from '@/lib/core/portfolio/portfolio'
import type { PlanSettings, Targets, TargetWeight } from '@/lib/core/targets'
import { weightsFromHoldings } from '@/lib/core/targetsEdit'
import { AddAssetCombobox } from './AddAssetCombobox'
import { describeSum } from './draftWords'
import { type EditorState, measureEditor } from './editorState'
import { LimitsFields } from './LimitsFields'
import { toLimitsDraft } from './limitsDraft'
import { PolicyFields } from './PolicyFields'
import { ProposalPanel } from './ProposalPanel'
import { changeRule, freeAsset, freeRule, type PolicyDraft, ruleDraftOf, toPolicyDraft } from './policyDraft'
import { listPolicyMarks } from './policyMarks'
import { RuleFields } from './RuleFields'
import {
  addAsset,
  equaliseDraft,
  fillDraft,
  normaliseDraft,
  removeAsset,
  slideWeight,
  type TargetsDraft,
  toDraft,
  toggleLock,
  typeWeight,
  unlockRow,
  withRuled,
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

function isExcludedIn(policy: PolicyDraft, assetId: AssetId): boolean {
  return ruleDraftOf(policy, assetId).participation === 'excluded'
}

/** Rows for these weights, and for whatever else is laid down for an asset. */
function toRows(weights: readonly TargetWeight[], policy: PolicyDraft): TargetsDraft {
  const ruled = Object.keys(policy.rules)
  return withRuled(toDraft(weights), { ruled, excluded: ruled.filter((assetId) => isExcludedIn(policy, assetId)) })
}

/** Where targets and limits are set. Nothing is kept until "Save targets". */
export function TargetsEditor({ assets, positions, targets, settings, onSave, onClose }: TargetsEditorProps) {
  const held = weightsFromHoldings(positions)
  const [policy, setPolicy] = useState(() => toPolicyDraft(settings.policy, assets))
  const [draft, setDraft] = useState(() => toRows(targets?.weights ?? held, policy))
  const [limits, setLimits] = useState(() => toLimitsDraft(settings))
  const [touched, setTouched] = useState<AssetId>()
  const [added, setAdded] = useState<AssetId>()
  const reasonId = useId()

  const state = measureEditor({ weights: draft, limits, policy }, { assets, settings })
  const { problems, ready } = state
  const heldPositions = positions.filter(({ amount }) => amount !== 0n)
  const nowOf = new Map(heldPositions.map(({ assetId, weightBps }) => [assetId, weightBps]))
  const missing = assets.filter(({ id }) => !draft.some(({ assetId }) => assetId === id))
  const counted = draft.filter(({ assetId }) => !isExcludedIn(policy, assetId))
  const fillId = counted.find(({ assetId }) => assetId === touched)?.assetId ?? counted.at(-1)?.assetId

  function edit(assetId: AssetId, next: TargetsDraft) {
    setTouched(assetId)
    setAdded(undefined)
    setDraft(next)
  }

  function rule(assetId: AssetId, next: PolicyDraft) {
    setPolicy(next)
    const [was, is] = [isExcludedIn(policy, assetId), isExcludedIn(next, assetId)]
    if (is) setDraft(withRuled(draft, { ruled: [], excluded: [assetId] }))
    else if (was) setDraft(unlockRow(draft, assetId))
  }

  function remove(assetId: AssetId) {
    setPolicy(freeAsset(policy, assetId))
    edit(assetId, removeAsset(draft, assetId))
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
            <Reasons id={reasonId} state={state} />
          </div>
          <Button
            variant="primary"
            disabled={ready === undefined}
            aria-describedby={reasonId}
            onClick={() => ready !== undefined && onSave(ready.targets, ready.settings)}
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
        <Button size="sm" onClick={() => setDraft(toRows(held, policy))} disabled={held.length === 0}>
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
          {draft.map((row) => {
            const { assetId } = row
            const ruleDraft = ruleDraftOf(policy, assetId)
            const ruleProblems = problems.rules[assetId] ?? {}
            return (
              <WeightRow
                key={assetId}
                row={row}
                nowBps={nowOf.get(assetId)}
                isFocusWanted={assetId === added}
                isExcluded={isExcludedIn(policy, assetId)}
                marks={state.marks[assetId] ?? []}
                isRuleWrong={Object.keys(ruleProblems).length > 0}
                limits={
                  <RuleFields
                    assetId={assetId}
                    rule={ruleDraft}
                    problems={ruleProblems}
                    isEdgeAsked={policy.destination === 'edge'}
                    onChange={(next) => rule(assetId, changeRule(policy, assetId, next))}
                    onClear={() => rule(assetId, changeRule(policy, assetId, freeRule))}
                  />
                }
                onType={(text) => edit(assetId, typeWeight(draft, assetId, text))}
                onSlide={(weightBps) => edit(assetId, slideWeight(draft, assetId, weightBps))}
                onToggleLock={() => edit(assetId, toggleLock(draft, assetId))}
                onRemove={() => remove(assetId)}
              />
            )
          })}
        </ul>
      )}
      <ProposalPanel assets={assets} draft={draft} onUse={(weights) => setDraft(toRows(weights, policy))} />
      <details className="group mt-4 border-line border-t pt-1">
        <summary className="flex min-h-11 items-center gap-2 font-medium text-sm marker:content-none">
          <span aria-hidden="true" className="transition-transform group-open:rotate-90">
            ›
          </span>
          Limits
          <span className="font-normal text-ink-faint">
            {[`band ${limits.band} pp`, `slippage ${limits.slippage} %`, ...listPolicyMarks(policy)].join(' · ')}
          </span>
        </summary>
        <div className="space-y-4 pt-2 pb-1">
          <LimitsFields draft={limits} refusals={problems.limits} onChange={setLimits} />
          <PolicyFields draft={policy} problems={problems} assets={assets} onChange={setPolicy} />
        </div>
      </details>
    </Dialog>
  )
}

/** Everything that keeps the targets from being saved; announced where something is wrong and not only unfinished. */
function Reasons({ id, state: { reasons, code } }: { readonly id: string; readonly state: EditorState }) {
  const isWrong = code !== undefined
  const [only = 'Ready to save.', ...more] = reasons
  return (
    <div
      id={id}
      role={isWrong ? 'alert' : undefined}
      data-error-code={code}
      className={cx(
        'max-h-20 min-h-10 overflow-y-auto sm:max-h-28 text-sm leading-5 sm:min-h-5',
        isWrong ? 'text-danger' : 'text-ink-faint',
      )}
    >
      {more.length === 0 ? (
        <p>{only}</p>
      ) : (
        <ul className="list-disc space-y-0.5 pl-4">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
