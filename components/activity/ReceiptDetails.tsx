import type { ReactNode } from 'react'
import { formatPrice } from '@/components/format/formatPrice'
import { formatWeights } from '@/components/format/formatWeights'
import { cx } from '@/components/ui/cx'
import { tableStyles } from '@/components/ui/tableStyles'
import { UsdAmount } from '@/components/ui/UsdAmount'
import { isKnown, type OrUnknown, type Receipt } from '@/lib/core/activity/receipt'
import { formatTokenAmount, unknownText } from '@/lib/core/numbers/format'
import { QuoteTable } from './QuoteTable'
import { toLegRows, toPurchaseRows } from './receiptRows'

const { table, row, number } = tableStyles
const headCell = 'py-2 font-medium text-[13px] text-ink-faint not-first:pl-3'
const cell = 'py-2 not-first:pl-3'

const shown = <Figure,>(figure: OrUnknown<Figure>) => (isKnown(figure) ? figure : undefined)

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 font-medium text-sm">{title}</h3>
      {children}
    </section>
  )
}

function Weights({ receipt }: { receipt: Receipt }) {
  const { positions } = receipt
  const before = formatWeights(positions.map(({ beforeBps }) => beforeBps))
  const known = positions.map(({ afterBps }) => afterBps).filter(isKnown)
  const after = known.length === positions.length ? formatWeights(known) : []
  return (
    <div className="overflow-x-auto">
      <table className={cx(table, 'text-sm')} aria-label="Weights before and after">
        <thead>
          <tr>
            <th scope="col" className={cx(headCell, 'text-left')}>
              Asset
            </th>
            <th scope="col" className={cx(headCell, 'text-right')}>
              Before
            </th>
            <th scope="col" className={cx(headCell, 'text-right')}>
              After
            </th>
            <th scope="col" className={cx(headCell, 'hidden text-right sm:table-cell')}>
              Value before
            </th>
            <th scope="col" className={cx(headCell, 'hidden text-right sm:table-cell')}>
              Value after
            </th>
            <th scope="col" className={cx(headCell, 'hidden text-right sm:table-cell')}>
              At a price of
            </th>
          </tr>
        </thead>
        <tbody>
          {positions.map(({ assetId, beforeUsd, afterUsd }, index) => {
            const price = receipt.assets.find((asset) => asset.assetId === assetId)?.priceUsd ?? 'unknown'
            return (
              <tr key={assetId} className={row}>
                <th scope="row" className={cx(cell, 'text-left font-medium')}>
                  {assetId}
                </th>
                <td className={cx(cell, number, 'text-ink-soft')}>{before[index]}</td>
                <td className={cx(cell, number, 'font-medium')}>{after[index] ?? unknownText}</td>
                <td className={cx(cell, number, 'hidden text-ink-soft sm:table-cell')}>
                  <UsdAmount value={beforeUsd} />
                </td>
                <td className={cx(cell, number, 'hidden sm:table-cell')}>
                  <UsdAmount value={shown(afterUsd)} />
                </td>
                <td className={cx(cell, number, 'hidden text-ink-faint sm:table-cell')}>
                  {isKnown(price) ? formatPrice(price) : '–'}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Cost({ receipt: { cost, gas, beforeUsd, afterUsd } }: { receipt: Receipt }) {
  const lines: readonly (readonly [string, ReactNode])[] = [
    ['Pool fees, as planned', <UsdAmount key="fee" value={cost.feeUsd} />],
    ['Price impact, as measured', <UsdAmount key="impact" value={shown(cost.impactUsd)} />],
    [
      'Gas',
      <span key="gas">
        {formatTokenAmount(gas.paid, 18)} ETH · <UsdAmount value={shown(cost.gasUsd)} />
      </span>,
    ],
    ['Cost in all', <UsdAmount key="total" value={shown(cost.totalUsd)} className="font-semibold" />],
    [
      'Value before and after, without gas',
      <span key="values">
        <UsdAmount value={beforeUsd} /> → <UsdAmount value={shown(afterUsd)} />
      </span>,
    ],
  ]
  return (
    <dl className="space-y-1.5 text-sm">
      {lines.map(([name, value]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-4">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const routerNames = { swapRouter02: 'Uniswap SwapRouter02', universalRouter: 'Uniswap Universal Router' } as const

/** Everything that is kept of one rebalance. */
export function ReceiptDetails({ receipt }: { receipt: Receipt }) {
  return (
    <div className="space-y-6">
      <Part title="Cost">
        <Cost receipt={receipt} />
      </Part>
      <Part title="Legs">
        <QuoteTable label="Legs" rows={toLegRows(receipt)} />
      </Part>
      <Part title="Bought in all">
        <QuoteTable label="Bought in all" rows={toPurchaseRows(receipt)} />
      </Part>
      <Part title="Weights">
        <Weights receipt={receipt} />
      </Part>
      <p className="text-[13px] text-ink-faint">
        {receipt.rung === 'atomicBatch' ? 'One atomic batch' : 'Approvals, then one swap transaction'} through{' '}
        {routerNames[receipt.router]}. Quoted at block {receipt.planned.blockNumber.toString()}, included in block{' '}
        {receipt.included.blockNumber.toString()}. Values are those of the plan’s prices, so that only the trade shows.
      </p>
    </div>
  )
}
