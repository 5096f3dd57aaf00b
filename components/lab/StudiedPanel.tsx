import { useId } from 'react'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { cx } from '@/components/ui/cx'
import { SelectField, TextField } from '@/components/ui/Field'
import { Panel } from '@/components/ui/Panel'
import { riskAversions } from '@/lib/core/risk/bands'
import type { CovarianceEstimator } from '@/lib/core/risk/estimateCovariance'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import type { Aversion, LabDraft, ParsedDraft } from './labDraft'
import type { LabSubject } from './labSubject'
import { describeCostSource, describePortfolioSource, describeRisk } from './labWords'
import type { PriceSource, SourcePrices } from './priceSource'

type StudiedPanelProps = {
  readonly subject: LabSubject
  readonly draft: LabDraft
  readonly refusals: ParsedDraft['refusals']
  readonly onChange: (draft: LabDraft) => void
  readonly risk: PortfolioRisk | undefined
  readonly prices: SourcePrices
  readonly source: PriceSource
  /** Missing where there is one source. */
  readonly onChooseSource: ((source: PriceSource) => void) | undefined
  readonly estimator: CovarianceEstimator
  readonly onChooseEstimator: (estimator: CovarianceEstimator) => void
}

const aversions: readonly { readonly value: Aversion; readonly text: string }[] = [
  { value: 'cautious', text: `Cautious (${riskAversions.cautious})` },
  { value: 'normal', text: `Normal (${riskAversions.normal})` },
  { value: 'relaxed', text: `Relaxed (${riskAversions.relaxed})` },
  { value: 'own', text: 'Own number' },
]

const estimators: readonly { readonly value: CovarianceEstimator; readonly text: string }[] = [
  { value: 'ledoitWolf', text: 'Ledoit–Wolf shrinkage' },
  { value: 'ewma', text: 'Recent days weigh more (EWMA, 0.94)' },
  { value: 'sample', text: 'All days weigh the same' },
]

const sources: readonly { readonly value: PriceSource; readonly text: string }[] = [
  { value: 'chain', text: 'The chain’s own price feeds' },
  { value: 'shipped', text: 'Daily prices that come with the app' },
]

/** What is studied: the portfolio, what trading it costs, and what one makes of risk. */
export function StudiedPanel(props: StudiedPanelProps) {
  const { subject, draft, refusals, onChange, risk, prices, source, onChooseSource } = props
  const { estimator, onChooseEstimator } = props
  const portfolioId = useId()
  const portfolioNote = refusals.portfolio ?? describePortfolioSource(subject)
  return (
    <Panel title="What is studied" description="Change any of it; everything below follows.">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-6">
        <div className="min-w-0 sm:col-span-4">
          <div className="flex items-center">
            <label htmlFor={portfolioId} className="font-medium text-sm">
              Portfolio, in percent
            </label>
          </div>
          <textarea
            id={portfolioId}
            rows={2}
            spellCheck={false}
            autoComplete="off"
            value={draft.portfolio}
            onChange={(event) => onChange({ ...draft, portfolio: event.target.value })}
            aria-invalid={refusals.portfolio !== undefined}
            aria-describedby={`${portfolioId}-note`}
            className="mt-1 block min-h-18 w-full rounded-control border border-control bg-surface px-3 py-2 text-base tabular-nums aria-invalid:border-danger sm:text-[15px]"
          />
          <p
            id={`${portfolioId}-note`}
            className={`mt-1 text-[13px] ${refusals.portfolio === undefined ? 'text-ink-faint' : 'text-danger'}`}
          >
            {portfolioNote}
          </p>
        </div>
        <div className="sm:col-span-2">
          <TextField
            label="Worth"
            unit="USD"
            value={draft.totalUsd}
            problem={refusals.totalUsd}
            onChange={(totalUsd) => onChange({ ...draft, totalUsd })}
          />
        </div>
        <div className="sm:col-span-2">
          <TextField
            label="Fee and impact"
            unit="bps"
            help="What trading costs in proportion, in hundredths of a percent of what is sold: pool fees, and how far the trade moves the price."
            note={describeCostSource(subject, 'fee')}
            value={draft.feeBps}
            problem={refusals.feeBps}
            onChange={(feeBps) => onChange({ ...draft, feeBps })}
          />
        </div>
        <div className="sm:col-span-2">
          <TextField
            label="Gas of a rebalance"
            unit="USD"
            note={describeCostSource(subject, 'gas')}
            value={draft.gasUsd}
            problem={refusals.gasUsd}
            onChange={(gasUsd) => onChange({ ...draft, gasUsd })}
          />
        </div>
        <div className="sm:col-span-2">
          <SelectField
            label="Risk aversion"
            value={draft.aversion}
            options={aversions}
            note="How much straying from the targets weighs against costs."
            onChange={(aversion) => onChange({ ...draft, aversion })}
          />
          {draft.aversion === 'own' && (
            <div className="mt-3">
              <TextField
                label="Own risk aversion"
                value={draft.ownAversion}
                problem={refusals.ownAversion}
                onChange={(ownAversion) => onChange({ ...draft, ownAversion })}
              />
            </div>
          )}
        </div>
        <div className="border-line border-t pt-4 sm:col-span-6">
          <div className="grid gap-x-5 gap-y-4 sm:grid-cols-6">
            {onChooseSource !== undefined && (
              <div className="sm:col-span-3">
                <SelectField label="Prices" value={source} options={sources} onChange={onChooseSource} />
              </div>
            )}
            <div className={onChooseSource === undefined ? 'sm:col-span-2' : 'sm:col-span-3'}>
              <SelectField
                label="Volatility and correlation"
                value={estimator}
                options={estimators}
                onChange={onChooseEstimator}
              />
            </div>
            <div
              className={cx(
                'text-ink-soft text-sm',
                onChooseSource === undefined ? 'self-end sm:col-span-4 sm:pb-1.5' : 'sm:col-span-6',
              )}
            >
              {prices.status === 'failed' ? (
                <Alert
                  tone="warn"
                  code="pricesMissing"
                  title="The daily prices could not be read"
                  action={
                    prices.onRetry !== undefined && (
                      <Button size="sm" icon="refresh" isBusy={prices.isRetrying} onClick={prices.onRetry}>
                        Try again
                      </Button>
                    )
                  }
                >
                  {prices.message} Triggers and destinations need no prices; the yearly figures do.
                </Alert>
              ) : (
                <p className="min-h-10">{describeRisk(risk, prices)}</p>
              )}
            </div>
          </div>
        </div>
      </div>
    </Panel>
  )
}
