import { useState } from 'react'
import { SelectField } from '@/components/ui/Field'
import { Icon } from '@/components/ui/Icon'
import { bpsWhole } from '@/lib/core/units'
import type { BandRow } from './bandRows'
import { formatCount, formatDollars, formatFigure, formatPoints, formatShare, formatYearlyBps } from './figures'
import type { LabInput } from './labDraft'

type Line = { readonly formula: string; readonly numbers: string; readonly meaning: string }

/** The band's formulas with the numbers of one asset put in. */
export function listArithmetic(
  { target, band, problem, trackingError }: BandRow,
  { riskAversion, feeBps, gasUsd, totalUsd }: LabInput,
): readonly Line[] {
  if (problem === undefined || band.status === 'steady') return []
  const { proportionalCost: c, fixedCost: k, varianceRate, runningLoss } = problem
  const { trigger, destination } = band
  const isKnown = trackingError !== undefined
  const te = trackingError ?? 1
  const s2 = formatFigure(varianceRate)
  const a = formatFigure(runningLoss)
  const [D, d] = [formatFigure(trigger), formatFigure(destination)]
  return [
    {
      formula: 'c',
      numbers: `${feeBps} / ${bpsWhole.toLocaleString('en-US')} = ${formatFigure(c)}`,
      meaning: 'Cost of each unit of weight that is traded.',
    },
    {
      formula: 'k',
      numbers: `${formatDollars(gasUsd)} / ${formatDollars(totalUsd)} = ${formatFigure(k)}`,
      meaning: 'Cost of each rebalance, whatever its size, as a fraction of the portfolio.',
    },
    {
      formula: 'TE',
      numbers: isKnown ? formatShare(te) : 'not known; it cancels out of D and d, so 100 % stands here',
      meaning: 'Volatility a year of the asset against the whole portfolio.',
    },
    {
      formula: 's² = w² TE²',
      numbers: `${formatFigure(target)}² × ${formatFigure(te)}² = ${s2}`,
      meaning: 'Variance a year of its weight.',
    },
    {
      formula: 'a = γ TE² / (2 (1 − w)²)',
      numbers: `${riskAversion} × ${formatFigure(te)}² / (2 × ${formatFigure(1 - target)}²) = ${a}`,
      meaning: 'Loss a year of each squared unit of deviation.',
    },
    {
      formula: 'd D (d + D) = 3 c s² / 2a',
      numbers: `3 × ${formatFigure(c)} × ${s2} / (2 × ${a}) = ${formatFigure((1.5 * c * varianceRate) / runningLoss)}`,
      meaning: 'The first of two equations for D and d.',
    },
    {
      formula: '(D − d)³ (D + d) = 6 k s² / a',
      numbers: `6 × ${formatFigure(k)} × ${s2} / ${a} = ${formatFigure((6 * k * varianceRate) / runningLoss)}`,
      meaning: 'The second.',
    },
    {
      formula: 'D, d',
      numbers: `D = ${formatPoints(trigger)}, d = ${formatPoints(destination)}`,
      meaning: 'What solves both: act at D, bring back to d.',
    },
    ...(isKnown
      ? [
          {
            formula: 'loss = a (D² + d D + d²) / 3',
            numbers: `${a} × (${D}² + ${d} × ${D} + ${d}²) / 3 = ${formatYearlyBps(band.lossPerYear)} bps a year`,
            meaning: 'Drift, fees and gas together.',
          },
          {
            formula: 'rebalances = s² / (D² − d²)',
            numbers: `${s2} / (${D}² − ${d}²) = ${formatCount(band.rebalancesPerYear, 1)} a year`,
            meaning: 'How often it is acted on, on average.',
          },
          {
            formula: 'turnover = s² / (D + d)',
            numbers: `${s2} / (${D} + ${d}) = ${formatShare(band.turnoverPerYear)} a year`,
            meaning: 'Weight that is traded one way.',
          },
        ]
      : []),
  ]
}

type BandArithmeticProps = { readonly rows: readonly BandRow[]; readonly input: LabInput }

/** How the bands are computed, open to be worked out again. */
export function BandArithmetic({ rows, input }: BandArithmeticProps) {
  const [chosenId, setChosenId] = useState<string>()
  const able = rows.filter(({ problem }) => problem !== undefined)
  const chosen = able.find(({ id }) => id === chosenId) ?? able[0]
  if (chosen === undefined) return null
  return (
    <details className="group border-line border-t">
      <summary className="flex min-h-11 items-center gap-2 px-5 py-2 text-ink-soft text-sm hover:text-ink sm:px-6">
        <Icon name="chevron" className="size-3.5 transition-transform group-open:rotate-180" /> How this is computed
      </summary>
      <div className="px-5 pb-5 sm:px-6">
        <p className="max-w-prose text-ink-soft text-sm">
          A weight wanders as a Brownian motion about its target w. Being off by x costs a x² a year, trading costs c
          for each unit and k each time. The band below makes the three together least in the long run (impulse control;
          without gas it is the cube-root band of Shreve and Soner, without fees the fourth-root band of Altarovici,
          Muhle-Karbe and Soner).
        </p>
        <div className="mt-4 max-w-60">
          <SelectField
            label="Asset"
            value={chosen.id}
            options={able.map(({ id }) => ({ value: id, text: id }))}
            onChange={setChosenId}
          />
        </div>
        <dl className="mt-4 divide-y divide-line border-line border-y text-sm">
          {listArithmetic(chosen, input).map(({ formula, numbers, meaning }) => (
            <div key={formula} className="grid gap-x-6 gap-y-0.5 py-2.5 sm:grid-cols-[13rem_minmax(0,1fr)]">
              <dt className="font-medium">{formula}</dt>
              <dd className="min-w-0 break-words tabular-nums">
                {numbers}
                <span className="block text-[13px] text-ink-faint">{meaning}</span>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  )
}
