import { type ReactNode, useId, useMemo, useState } from 'react'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { SelectField, TextField } from '@/components/ui/Field'
import { Panel } from '@/components/ui/Panel'
import { toStepPrices } from '@/lib/core/backtest/shippedPrices'
import { type LabRun, useLabRun } from '@/lib/hooks/lab/useLabRun'
import { BacktestResults } from './BacktestResults'
import {
  type BacktestDraft,
  type BacktestFacts,
  type BacktestField,
  type BacktestPrices,
  type MarketSource,
  parseBacktest,
  type RuleKind,
  startBacktestDraft,
} from './backtestDraft'
import type { LabInput } from './labDraft'
import type { LabSubject } from './labSubject'
import type { SourcePrices } from './priceSource'

type BacktestPanelProps = {
  readonly subject: LabSubject
  readonly input: LabInput | undefined
  readonly shipped: SourcePrices
  /** Missing where no chain is asked. */
  readonly chain: SourcePrices | undefined
  readonly isStable: (id: string) => boolean
}

const shippedOption = { value: 'shipped', text: 'Daily prices that come with the app' } as const
const chainOption = { value: 'chain', text: 'The chain’s own price feeds' } as const
const simulatedOption = { value: 'simulated', text: 'Drawn prices, from a seed' } as const

const sourceNotes = {
  shipped: 'Closing prices of 2013 to 2021, the longest history here.',
  chain: 'Daily closes, at most two years back.',
  simulated: 'No real market: correlated random walks that you set below.',
} as const

/** Prices by the day as the engine takes them. */
function toBacktestPrices(prices: SourcePrices | undefined): BacktestPrices | undefined {
  if (prices?.status !== 'there') return undefined
  const { series, name } = prices
  return {
    series: series.flatMap((one) => toStepPrices(one) ?? []),
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  }
}

const ruleNames: readonly { readonly kind: RuleKind; readonly name: string }[] = [
  { kind: 'hold', name: 'Hold' },
  { kind: 'calendar', name: 'Calendar' },
  { kind: 'threshold', name: 'Band of your own' },
  { kind: 'costAware', name: 'Band from costs' },
]

/** Rules run over prices, side by side. */
export function BacktestPanel({ subject, input, shipped, chain, isStable }: BacktestPanelProps) {
  const [draft, setDraft] = useState(() => startBacktestDraft(subject.settings.bandBps))
  const { run, start, cancel } = useLabRun<BacktestFacts>()
  const source = draft.source === 'chain' ? chain : shipped
  const prices = useMemo(() => toBacktestPrices(source), [source])
  const parsed = input && parseBacktest(draft, { input, prices, isStable })
  const refusals = parsed?.status === 'refused' ? parsed.refusals : {}
  const problem = parsed?.status === 'refused' ? parsed.problem : undefined
  const isWaiting = draft.source !== 'simulated' && source?.status === 'reading'
  const field = (
    name: BacktestField,
    label: string,
    extra: { readonly unit?: string; readonly help?: ReactNode } = {},
  ) => (
    <TextField
      label={label}
      {...extra}
      value={draft[name]}
      problem={refusals[name]}
      onChange={(text) => setDraft({ ...draft, [name]: text })}
    />
  )

  return (
    <Panel
      title="Back-test"
      description="What rules would have come to over past or drawn prices, at your costs. The worth and the costs are those above."
      isFlush
    >
      <form
        className="border-line border-t px-5 py-5 sm:px-6"
        onSubmit={(event) => {
          event.preventDefault()
          if (parsed?.status === 'ready') start(parsed.request, parsed.facts)
        }}
      >
        <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
          <SelectField<MarketSource>
            label="Prices"
            value={draft.source}
            options={
              chain === undefined ? [shippedOption, simulatedOption] : [shippedOption, chainOption, simulatedOption]
            }
            note={sourceNotes[draft.source]}
            onChange={(chosen) => setDraft({ ...draft, source: chosen })}
          />
          <SelectField
            label="Price impact"
            value={draft.impact}
            options={[
              { value: 'none', text: 'None beyond the fee' },
              { value: 'linear', text: 'Grows with the trade' },
            ]}
            onChange={(impact) => setDraft({ ...draft, impact })}
          />
          {draft.impact === 'linear' &&
            field('depthUsd', 'Depth of a pool', {
              unit: 'USD',
              help: 'Dollars on one side of each asset’s pool. A trade of a hundredth of it loses a hundredth.',
            })}
        </div>
        {draft.source === 'simulated' && <SimulatedFields draft={draft} onChange={setDraft} field={field} />}
        <RuleFields draft={draft} onChange={setDraft} field={field} />
        {problem !== undefined && !isWaiting && (
          <Alert tone="warn" title="This cannot be run" className="mt-5" code="backtestRefused">
            {problem}
          </Alert>
        )}
        <div className="mt-5 flex min-h-11 flex-wrap items-center gap-3">
          {run.status === 'running' ? (
            // Keys: the same element would turn into the submit button under the click that cancels, and start anew.
            <Button key="cancel" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button key="run" type="submit" variant="primary" disabled={parsed?.status !== 'ready'}>
              Run back-test
            </Button>
          )}
          <RunStatus run={run} />
        </div>
      </form>
      {run.status === 'failed' && (
        <div className="px-5 pb-5 sm:px-6">
          <Alert tone="danger" title="The back-test stopped" code="backtestFailed">
            {run.error.message}
          </Alert>
        </div>
      )}
      {run.status === 'finished' && <BacktestResults result={run.result} facts={run.facts} />}
    </Panel>
  )
}

type FieldsProps = {
  readonly draft: BacktestDraft
  readonly onChange: (draft: BacktestDraft) => void
  readonly field: (name: BacktestField, label: string, extra?: { readonly unit?: string }) => ReactNode
}

function SimulatedFields({ draft, onChange, field }: FieldsProps) {
  return (
    <fieldset className="mt-5 min-w-0 border-line border-t pt-4">
      <legend className="sr-only">Drawn prices</legend>
      <div className="grid grid-cols-2 gap-x-5 gap-y-4 sm:grid-cols-3 lg:grid-cols-4">
        {field('years', 'Years')}
        <SelectField
          label="Step"
          value={draft.step}
          options={[
            { value: 'day', text: 'A day' },
            { value: 'hour', text: 'An hour' },
          ]}
          onChange={(step) => onChange({ ...draft, step })}
        />
        {field('volatility', 'Volatility', { unit: '%/yr' })}
        {field('correlation', 'Correlation')}
        {field('growth', 'Growth', { unit: '%/yr' })}
        <SelectField
          label="Tails"
          value={draft.tails}
          options={[
            { value: 'student', text: 'Wild (Student, 4)' },
            { value: 'normal', text: 'Normal' },
          ]}
          onChange={(tails) => onChange({ ...draft, tails })}
        />
        {field('markets', 'Markets')}
        {field('seed', 'Seed')}
      </div>
    </fieldset>
  )
}

function RuleFields({ draft, onChange, field }: FieldsProps) {
  return (
    <fieldset className="mt-5 min-w-0 border-line border-t pt-4">
      <legend className="float-left font-medium text-sm">Rules to compare</legend>
      <div className="clear-both flex flex-wrap gap-x-6 pt-1">
        {ruleNames.map(({ kind, name }) => (
          <RuleTick
            key={kind}
            name={name}
            isChosen={draft.rules[kind]}
            onToggle={(isChosen) => onChange({ ...draft, rules: { ...draft.rules, [kind]: isChosen } })}
          />
        ))}
      </div>
      {(draft.rules.calendar || draft.rules.threshold) && (
        <div className="mt-3 grid max-w-lg grid-cols-2 gap-x-5 gap-y-4">
          {draft.rules.calendar && field('calendarDays', 'Calendar, every', { unit: 'days' })}
          {draft.rules.threshold && field('thresholdPoints', 'Band', { unit: 'pp' })}
        </div>
      )}
    </fieldset>
  )
}

type RuleTickProps = {
  readonly name: string
  readonly isChosen: boolean
  readonly onToggle: (isChosen: boolean) => void
}

function RuleTick({ name, isChosen, onToggle }: RuleTickProps) {
  const id = useId()
  return (
    <label htmlFor={id} className="inline-flex min-h-11 cursor-pointer items-center gap-2.5 text-[15px]">
      <input
        id={id}
        type="checkbox"
        checked={isChosen}
        onChange={(event) => onToggle(event.target.checked)}
        className="size-4.5 accent-[var(--accent)]"
      />
      {name}
    </label>
  )
}

/** How far the run is. It is read out when it begins and ends, not at every step. */
function RunStatus({ run }: { readonly run: LabRun<BacktestFacts> }) {
  const progress = run.status === 'running' ? run.progress : undefined
  return (
    <>
      {run.status === 'running' && (
        <span className="flex items-center gap-3 text-[13px] text-ink-faint tabular-nums">
          <progress
            aria-label="Back-tests done"
            value={progress?.done ?? 0}
            max={progress?.total ?? 1}
            className="h-1.5 w-36 accent-[var(--accent)]"
          />
          {progress !== undefined && `${progress.done} of ${progress.total}`}
        </span>
      )}
      <p role="status" className="text-[13px] text-ink-faint">
        {describeRun(run)}
      </p>
    </>
  )
}

function describeRun(run: LabRun<BacktestFacts>): string {
  switch (run.status) {
    case 'idle':
    case 'failed':
      return ''
    case 'running':
      return 'Running'
    case 'cancelled':
      return 'Cancelled. Nothing was kept of it.'
    case 'finished':
      return `Done in ${run.elapsedMs < 1000 ? `${Math.max(1, Math.round(run.elapsedMs))} ms` : `${(run.elapsedMs / 1000).toFixed(1)} s`}`
  }
}
