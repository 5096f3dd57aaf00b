import { cx } from '@/components/ui/cx'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { describeDifference } from './activityWords'
import type { AmountRow, QuoteRow } from './receiptRows'

function Amount({ row, hasSymbol = false }: { row: AmountRow; hasSymbol?: boolean }) {
  const { amount, decimals, symbol } = row
  return (
    <TokenAmount
      amount={amount === 'unknown' ? undefined : amount}
      decimals={decimals}
      {...(hasSymbol ? { symbol } : {})}
    />
  )
}

type FigureProps = { readonly name: string; readonly row: AmountRow | undefined; readonly note?: string }

function Figure({ name, row, note }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="break-words tabular-nums">
        {row === undefined ? '–' : <Amount row={row} />}
        {note !== undefined && <span className="block text-[13px] text-ink-faint">{note}</span>}
      </dd>
    </div>
  )
}

const compare = (received: AmountRow, other: AmountRow) =>
  `received ${describeDifference(received.amount, other.amount)}`

/** What was sold for what, with its quote, its minimum and the feeds' word, for legs or for what was bought in all. */
export function QuoteTable({ label, rows }: { label: string; rows: readonly QuoteRow[] }) {
  return (
    <ol aria-label={label} className="divide-y divide-line border-line border-y">
      {rows.map(({ key, sell, received, quoted, minimum, oracleMid, gasUnits }) => (
        <li key={key} className="py-3">
          <p className="flex flex-wrap justify-between gap-x-4 font-medium tabular-nums">
            <span>
              {sell !== undefined && (
                <>
                  <Amount row={sell} hasSymbol /> →{' '}
                </>
              )}
              <Amount row={received} hasSymbol />
            </span>
            {gasUnits !== undefined && (
              <span className="font-normal text-[13px] text-ink-faint">{gasUnits.toLocaleString('en-US')} gas</span>
            )}
          </p>
          <dl
            className={cx('mt-2 grid gap-x-4 gap-y-2 text-sm', oracleMid === undefined ? 'grid-cols-2' : 'grid-cols-3')}
          >
            <Figure name="Quoted" row={quoted} note={compare(received, quoted)} />
            <Figure name="Minimum" row={minimum} {...(minimum === undefined ? { note: 'by the total' } : {})} />
            {oracleMid !== undefined && (
              <Figure name="Price feeds" row={oracleMid} note={compare(received, oracleMid)} />
            )}
          </dl>
        </li>
      ))}
    </ol>
  )
}
