import type { ReactNode } from 'react'
import { formatBps } from '@/components/format/formatBps'
import { CopyButton } from '@/components/ui/CopyButton'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import { Panel } from '@/components/ui/Panel'
import { Skeleton } from '@/components/ui/Skeleton'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { tableStyles } from '@/components/ui/tableStyles'
import type { Asset } from '@/lib/core/asset'
import type { ExecutionOutcome } from '@/lib/core/execution/outcome'
import { formatTokenAmount, formatUsd } from '@/lib/core/numbers/format'
import { type PaidCost, type ReceiptLine, toBoughtLines, toLegLines } from './receiptView'

const { table, headCell, row, cell, number } = tableStyles

function describeDifference(centiBps: number): string {
  if (centiBps === 0) return 'as quoted'
  return `${centiBps > 0 ? '+' : ''}${formatBps(centiBps)}`
}

function BoughtTable({ lines }: { lines: readonly ReceiptLine[] }) {
  return (
    <table className={table} aria-label="Quoted and received">
      <thead>
        <tr>
          <th scope="col" className={cx(headCell, 'text-left')}>
            Bought
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Received
          </th>
          <th scope="col" className={cx(headCell, 'hidden text-right sm:table-cell')}>
            Quoted
          </th>
          <th scope="col" className={cx(headCell, 'hidden text-right sm:table-cell')}>
            Minimum
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, quoted, received, minimum, differenceCentiBps }) => (
          <tr key={key} className={row}>
            <th scope="row" className={cx(cell, 'text-left font-medium')}>
              <span className="inline-flex items-center gap-2.5">
                <TokenLogo symbol={received.symbol} size="sm" />
                {received.symbol}
              </span>
            </th>
            <td className={cx(cell, number, 'font-semibold')}>
              <TokenAmount amount={received.amount} decimals={received.decimals} />
            </td>
            <td className={cx(cell, number, 'hidden text-ink-soft sm:table-cell')}>
              <TokenAmount amount={quoted.amount} decimals={quoted.decimals} />
            </td>
            <td className={cx(cell, number, 'hidden text-ink-soft sm:table-cell')}>
              {minimum !== undefined && <TokenAmount amount={minimum.amount} decimals={minimum.decimals} />}
            </td>
            <td className={cx(cell, number, differenceCentiBps < 0 ? 'text-warn' : 'text-ok')}>
              {describeDifference(differenceCentiBps)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function LegLines({ lines }: { lines: readonly ReceiptLine[] }) {
  return (
    <ol aria-label="Executed legs" className="divide-y divide-line border-line border-t">
      {lines.map(({ key, sell, received, quoted, minimum, differenceCentiBps }) => (
        <li key={key} className="px-5 py-3 text-sm tabular-nums sm:px-6">
          <p className="flex flex-wrap justify-between gap-x-4 font-medium">
            <span>
              {sell !== undefined && <TokenAmount {...sell} />} → <TokenAmount {...received} />
            </span>
            <span className={differenceCentiBps < 0 ? 'text-warn' : 'text-ok'}>
              {describeDifference(differenceCentiBps)}
            </span>
          </p>
          <p className="text-[13px] text-ink-faint">
            quoted <TokenAmount {...quoted} />
            {minimum !== undefined && (
              <>
                {' '}
                · at least <TokenAmount {...minimum} />
              </>
            )}
          </p>
        </li>
      ))}
    </ol>
  )
}

function CostLines({ cost, gasPaid }: { cost: PaidCost | undefined; gasPaid: bigint }) {
  const rows: readonly (readonly [string, ReactNode])[] = [
    ...(cost === undefined
      ? []
      : [['Pool fees', formatUsd(cost.feeUsd)] as const, ['Price impact', formatUsd(cost.impactUsd)] as const]),
    [
      'Gas',
      <>
        {formatTokenAmount(gasPaid, 18)} ETH{cost !== undefined && ` · ${formatUsd(cost.gasUsd)}`}
      </>,
    ],
  ]
  return (
    <>
      {cost !== undefined && (
        <p className="font-semibold text-[2rem] tabular-nums leading-tight tracking-[-0.02em]">
          {formatUsd(cost.totalUsd)}
        </p>
      )}
      <dl className="mt-3 space-y-1.5 text-sm">
        {rows.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

type ReceiptPanelProps = {
  readonly summary: string
  /** How far the chain has settled it, and what was out of the ordinary. */
  readonly standing: ReactNode
  readonly outcome: ExecutionOutcome
  readonly assets: readonly Asset[]
  readonly cost: PaidCost | undefined
  /** Weights before and after, read again from the chain. */
  readonly weights: ReactNode
  readonly actions: ReactNode
}

/** What a rebalance brought, read from the chain. */
export function ReceiptPanel({ summary, standing, outcome, assets, cost, weights, actions }: ReceiptPanelProps) {
  const leftOver = outcome.allowancesAfter.filter(({ amount }) => amount > 0n)
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="-mt-3 lg:col-span-2">
        <p className="flex items-center gap-2 text-ok">
          <Icon name="check" />
          <span className="font-medium tabular-nums">{summary}</span>
        </p>
        {standing}
      </div>
      <div className="min-w-0 space-y-6">
        <Panel title="Quoted and received" isFlush>
          <BoughtTable lines={toBoughtLines(outcome, assets)} />
        </Panel>
        {weights}
        <Panel title="Legs as executed" isFlush>
          <LegLines lines={toLegLines(outcome, assets)} />
        </Panel>
      </div>
      <Panel title="Cost paid" className="min-w-0 lg:sticky lg:top-24">
        <CostLines cost={cost} gasPaid={outcome.gasPaid} />
        <dl className="mt-4 space-y-3 border-line border-t pt-4 text-sm">
          <div>
            <dt className="text-ink-faint">Transaction</dt>
            <dd className="flex items-center gap-1">
              <span className="min-w-0 truncate font-mono text-[12.5px]" title={outcome.txHash}>
                {outcome.txHash}
              </span>
              <CopyButton text={outcome.txHash} label="Copy the transaction hash" />
            </dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-ink-faint">Block</dt>
            <dd className="tabular-nums">{outcome.blockNumber.toString()}</dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-ink-faint">Allowances left</dt>
            <dd>{leftOver.length === 0 ? 'none' : `${leftOver.length}, listed below`}</dd>
          </div>
        </dl>
        <div className="mt-5 flex flex-col gap-3">{actions}</div>
      </Panel>
    </div>
  )
}

/** Holds the place of a receipt that is being read. */
export function ReceiptSkeleton() {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Skeleton className="h-64 rounded-panel" />
      <Skeleton className="h-64 rounded-panel" />
    </div>
  )
}
