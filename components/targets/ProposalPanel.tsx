import { useId, useState } from 'react'
import { Button } from '@/components/ui/Button'
import { cx } from '@/components/ui/cx'
import { marketCapsDate } from '@/lib/config/marketCaps'
import type { Asset, AssetId } from '@/lib/core/asset'
import { formatDriftPp, formatWeight } from '@/lib/core/numbers/format'
import type { TargetWeight } from '@/lib/core/targets'
import { type WeightingScheme, weightingSchemes } from '@/lib/core/weighting/scheme'
import { useRiskHistory } from '@/lib/hooks/useRiskHistory'
import {
  blankProposal,
  type DraftProposal,
  listWeighedIds,
  measureShift,
  millionsText,
  needsOf,
  type ProposalDraft,
  proposeDraft,
  selectStable,
  stableShareText,
  toWeighingHistory,
  type WeighingHistory,
} from './proposalDraft'
import { draftWeights, type TargetsDraft } from './targetsDraft'

type ProposalPanelProps = {
  readonly assets: readonly Asset[]
  readonly draft: TargetsDraft
  /** Puts weights into the editor. They are saved by nobody but the person. */
  readonly onUse: (weights: readonly TargetWeight[]) => void
}

const schemeWords: Readonly<Record<WeightingScheme, { readonly label: string; readonly note: string }>> = {
  equal: { label: 'Equal', note: 'The same weight for each.' },
  given: { label: 'As typed', note: 'The weights above in proportion, within cap and floor.' },
  marketCap: { label: 'Market cap', note: 'In proportion to what all of an asset is worth together.' },
  squareRootMarketCap: {
    label: 'Square root of market cap',
    note: 'In proportion to the square root of what all of an asset is worth.',
  },
  inverseVolatility: { label: 'Inverse volatility', note: 'An asset that moves twice as much gets half the weight.' },
  minimumVariance: { label: 'Minimum variance', note: 'The weights whose sum moved least in the past.' },
  equalRisk: { label: 'Equal risk', note: 'Each asset contributes the same to the whole’s movement.' },
}

/** Weights by a scheme, to look at and to edit: arithmetic on the assets of the editor. */
export function ProposalPanel(props: ProposalPanelProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
      className="group/proposal mt-4 border-line border-t pt-1"
    >
      <summary className="flex min-h-11 flex-wrap items-center gap-x-2 font-medium text-sm marker:content-none">
        <span aria-hidden="true" className="transition-transform group-open/proposal:rotate-90">
          ›
        </span>
        Propose weights
        <span className="font-normal text-ink-faint">by a scheme, as a draft</span>
      </summary>
      <div className="pt-2 pb-1">{isOpen && <ProposalForm {...props} />}</div>
    </details>
  )
}

function ProposalForm(props: ProposalPanelProps) {
  const [proposal, setProposal] = useState(blankProposal)
  const form = { ...props, proposal, onChange: setProposal }
  return needsOf(proposal.scheme) === 'history' ? <FormWithHistory {...form} /> : <FormFields {...form} />
}

type FormProps = ProposalPanelProps & {
  readonly proposal: ProposalDraft
  readonly onChange: (change: (current: ProposalDraft) => ProposalDraft) => void
}

/** Reads the past of the assets that are weighed, and of no others. */
function FormWithHistory(props: FormProps) {
  const present = draftWeights(props.draft)
  const risk = useRiskHistory(listWeighedIds(props.proposal, { assets: props.assets, present }))
  return <FormFields {...props} history={toWeighingHistory(risk)} />
}

type FormFieldsProps = FormProps & { readonly history?: WeighingHistory | undefined }

function FormFields({ assets, draft, history, proposal, onUse, onChange }: FormFieldsProps) {
  const schemeId = useId()
  const present = draftWeights(draft)
  const outcome = proposeDraft({ draft: proposal, assets, present, history })
  const hasStable = selectStable({ assets, present }).length > 0
  const change = (part: Partial<ProposalDraft>) => onChange((current) => ({ ...current, ...part }))
  const problemOf = (field: 'cap' | 'floor' | 'stableShare') => outcome.status === 'refused' && outcome.field === field

  return (
    <div className="space-y-4">
      <div className="grid grid-cols-2 items-end gap-x-4 gap-y-3 sm:grid-cols-[minmax(0,1fr)_7rem_7rem]">
        <div className="col-span-2 min-w-0 sm:col-span-1">
          <label htmlFor={schemeId} className="block text-ink-soft text-sm">
            Scheme
          </label>
          <select
            id={schemeId}
            value={proposal.scheme}
            onChange={({ target }) => {
              const scheme = weightingSchemes.find((name) => name === target.value)
              if (scheme !== undefined) change({ scheme })
            }}
            className="mt-1 min-h-11 w-full rounded-control border border-control bg-surface px-3 text-base sm:text-[15px]"
          >
            {weightingSchemes.map((scheme) => (
              <option key={scheme} value={scheme}>
                {schemeWords[scheme].label}
              </option>
            ))}
          </select>
        </div>
        <PercentBox label="Cap" value={proposal.cap} isWrong={problemOf('cap')} onChange={(cap) => change({ cap })} />
        <PercentBox
          label="Floor"
          value={proposal.floor}
          isWrong={problemOf('floor')}
          onChange={(floor) => change({ floor })}
        />
      </div>
      <p className="text-[13px] text-ink-faint">
        {schemeWords[proposal.scheme].note}
        {needsOf(proposal.scheme) === 'history' && ' Past movement says nothing certain about what comes.'}
      </p>
      {hasStable && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <label className="flex min-h-11 items-center gap-3 text-[15px]">
            <input
              type="checkbox"
              checked={proposal.isStableApart}
              onChange={({ target }) => change({ isStableApart: target.checked })}
              className="size-[18px] shrink-0 accent-accent"
            />
            Stable assets keep a share of their own
          </label>
          {proposal.isStableApart && (
            <div className="w-28">
              <PercentBox
                label="Share of stable assets"
                isLabelHidden
                value={stableShareText(proposal, { assets, present })}
                isWrong={problemOf('stableShare')}
                onChange={(stableShare) => change({ stableShare })}
              />
            </div>
          )}
        </div>
      )}
      <ProposalTable
        present={present}
        outcome={outcome}
        proposal={proposal}
        weighedIds={listWeighedIds(proposal, { assets, present })}
        onMillions={(assetId, text) => change({ millions: { ...proposal.millions, [assetId]: text } })}
      />
      {needsOf(proposal.scheme) === 'marketCap' && (
        <p className="text-[13px] text-ink-faint">
          Market caps are approximate and of {marketCapsDate}, which is long ago; WBTC has Bitcoin’s. Type newer ones
          where you know them.
        </p>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <p
          role={outcome.status === 'refused' ? 'alert' : undefined}
          data-error-code={outcome.status === 'refused' ? 'proposal-refused' : undefined}
          className={cx(
            'min-w-0 flex-1 basis-56 text-sm leading-5',
            outcome.status === 'refused' ? 'text-danger' : 'text-ink-faint',
          )}
        >
          {outcome.status !== 'proposed'
            ? outcome.message
            : `${formatWeight(measureShift(present, outcome.weights))} of the whole differs from the draft.`}
        </p>
        <Button
          size="sm"
          className="max-sm:w-full"
          disabled={outcome.status !== 'proposed'}
          onClick={() => outcome.status === 'proposed' && onUse(outcome.weights)}
        >
          Use as a draft
        </Button>
      </div>
    </div>
  )
}

type PercentBoxProps = {
  readonly label: string
  readonly isLabelHidden?: boolean
  readonly value: string
  readonly isWrong: boolean
  readonly onChange: (text: string) => void
}

function PercentBox({ label, isLabelHidden = false, value, isWrong, onChange }: PercentBoxProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'block text-ink-soft text-sm'}>
        {label}
      </label>
      <span className={cx('relative block', !isLabelHidden && 'mt-1')}>
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={isWrong}
          className="min-h-11 w-full rounded-control border border-control bg-surface pr-8 pl-3 text-right text-base tabular-nums aria-invalid:border-danger sm:text-[15px]"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-ink-faint text-sm"
        >
          %
        </span>
      </span>
    </div>
  )
}

type ProposalTableProps = {
  readonly present: readonly TargetWeight[]
  readonly outcome: DraftProposal
  readonly proposal: ProposalDraft
  /** Those whose market cap is asked for. */
  readonly weighedIds: readonly AssetId[]
  readonly onMillions: (assetId: AssetId, text: string) => void
}

function ProposalTable({ present, outcome, proposal, weighedIds, onMillions }: ProposalTableProps) {
  const hasCaps = needsOf(proposal.scheme) === 'marketCap'
  const proposedOf = new Map(
    outcome.status === 'proposed' ? outcome.weights.map(({ assetId, weightBps }) => [assetId, weightBps]) : [],
  )
  if (present.length === 0) return null
  return (
    <table className="w-full text-[15px] tabular-nums">
      <caption className="sr-only">Proposed weights</caption>
      <thead>
        <tr className="text-[13px] text-ink-faint [&>th]:pb-1.5 [&>th]:font-normal">
          <th scope="col" className="text-left">
            Asset
          </th>
          {hasCaps && (
            <th scope="col" className="text-right">
              $ million
            </th>
          )}
          <th scope="col" className="text-right">
            Draft
          </th>
          <th scope="col" className="text-right">
            Proposed
          </th>
          <th scope="col" className="text-right max-sm:hidden">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {present.map(({ assetId, weightBps }) => {
          const proposed = proposedOf.get(assetId)
          return (
            <tr key={assetId} className="h-11 border-line border-t [&>td]:py-1 [&>td]:pl-2 [&>td]:text-right">
              <th scope="row" className="text-left font-medium">
                {assetId}
              </th>
              {hasCaps && (
                <td>
                  {weighedIds.includes(assetId) && (
                    <input
                      value={millionsText(proposal, assetId)}
                      onChange={({ target }) => onMillions(assetId, target.value)}
                      inputMode="decimal"
                      autoComplete="off"
                      aria-label={`Market cap of ${assetId} in millions of dollars`}
                      className="min-h-11 w-24 rounded-control border border-control bg-surface px-2 text-right text-base sm:min-h-9 sm:w-28 sm:text-sm"
                    />
                  )}
                </td>
              )}
              <td className="text-ink-soft">{formatWeight(weightBps)}</td>
              <td className="font-semibold">{formatWeight(proposed)}</td>
              <td className="text-ink-faint max-sm:hidden">
                {formatDriftPp(proposed === undefined ? undefined : proposed - weightBps)}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
