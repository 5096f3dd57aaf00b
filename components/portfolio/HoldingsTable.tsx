import { formatPrice } from '@/components/format/formatPrice'
import { markParticipation, type RuleMark } from '@/components/policy/ruleWords'
import { Badge } from '@/components/ui/Badge'
import { cx } from '@/components/ui/cx'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { tableStyles } from '@/components/ui/tableStyles'
import { UsdAmount } from '@/components/ui/UsdAmount'
import { formatDriftPp, formatTenths, formatWeight } from '@/lib/core/numbers/format'
import { bandOf, type PlanPolicy, ruleOf } from '@/lib/core/policy/policy'
import type { FundedPortfolio, Portfolio, Position } from '@/lib/core/portfolio/portfolio'
import { priceUsd } from '@/lib/core/portfolio/portfolio'
import { type OtherRow, selectDisplayWeights, selectRows } from '@/lib/core/portfolio/selectRows'
import type { PlanSettings } from '@/lib/core/targets'
import { BandBar } from './BandBar'
import { describePrice, selectBalanceParts, selectBandScale } from './holdingsWords'

type HoldingsTableProps = {
  readonly portfolio: FundedPortfolio | Portfolio
  readonly hasTargets: boolean
  /** Bands, and what is laid down for single assets. */
  readonly settings: Pick<PlanSettings, 'bandBps' | 'policy'>
  /** Unix seconds of the block that was read: prices are as old as they were there. */
  readonly blockTimestamp: number
}

const { table, headCell, number } = tableStyles

/** On a phone every row is a card of three lines; from 768 px on it is a line of seven columns. */
const row =
  'grid grid-cols-[1fr_auto] gap-x-4 border-line border-t px-5 py-4 md:table-row md:p-0 [&>*]:p-0 md:[&>*]:px-3 md:[&>*]:py-3.5 md:[&>*:first-child]:pl-6 md:[&>*:last-child]:pr-6'
const label = 'mr-1.5 text-[13px] text-ink-faint md:hidden'

function AssetCell({ symbol, name, mark }: { symbol: string; name: string; mark: RuleMark | undefined }) {
  return (
    <th scope="row" className="col-start-1 row-span-2 row-start-1 text-left font-normal md:align-middle">
      <span className="flex items-center gap-3">
        <TokenLogo symbol={symbol} />
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2 font-semibold leading-5">
            {symbol}
            {mark !== undefined && (
              <Badge title={mark.explanation}>
                {mark.text}
                <span className="sr-only">: {mark.explanation}</span>
              </Badge>
            )}
          </span>
          <span aria-hidden="true" className="block truncate text-[13px] text-ink-faint leading-5">
            {name}
          </span>
        </span>
      </span>
    </th>
  )
}

function markOf(policy: PlanPolicy | undefined, assetId: string): RuleMark | undefined {
  return policy === undefined ? undefined : markParticipation(ruleOf(policy, assetId).participation)
}

function BalanceCell({ position }: { position: Position }) {
  return (
    <td
      className={cx(number, 'col-start-2 row-start-2 text-[13px] text-ink-soft leading-5 md:text-[15px] md:text-ink')}
    >
      {selectBalanceParts(position).map(({ symbol, text, isUnreadable }, index) => (
        <span key={symbol}>
          {index > 0 && ' + '}
          <span className="whitespace-nowrap">
            {text} <span className="text-ink-faint">{symbol}</span>
          </span>
          {isUnreadable && (
            <>
              {' '}
              <Badge tone="warn">unreadable</Badge>
            </>
          )}
        </span>
      ))}
    </td>
  )
}

function PriceCell({ position, blockTimestamp }: { position: Position; blockTimestamp: number }) {
  const usd = priceUsd(position.price)
  const note = describePrice(position.price, blockTimestamp)
  return (
    <td
      className={cx(
        number,
        'col-start-1 row-start-3 mt-3 flex items-center gap-1.5 text-[13px] md:table-cell md:text-[15px]',
      )}
    >
      <span className="md:block md:leading-5">{usd === undefined ? '–' : formatPrice(usd)}</span>
      {note.tone === 'warn' ? (
        <Badge tone="warn" title={note.explanation}>
          {note.text}
        </Badge>
      ) : (
        <span title={note.explanation} className="text-ink-faint md:block md:text-[13px] md:leading-5">
          {note.text === 'now' ? 'just now' : `${note.text} ago`}
        </span>
      )}
    </td>
  )
}

type DriftCellProps = {
  readonly position: Position
  readonly bandBps: number
  readonly scaleBps: number
  readonly hasTargets: boolean
}

function DriftCell({ position, bandBps, scaleBps, hasTargets }: DriftCellProps) {
  const { driftBps, isInBand, isExcluded } = position
  if (isExcluded) {
    return <td className="col-span-2 mt-3 text-[13px] text-ink-faint md:w-[15rem] md:text-[15px]">Does not count</td>
  }
  if (!hasTargets) return <td className={cx(number, 'hidden text-ink-faint md:table-cell md:w-[15rem]')}>–</td>
  return (
    <td className="col-span-2 mt-3 md:w-[15rem]">
      <span className="flex items-center gap-3">
        <BandBar driftBps={driftBps} bandBps={bandBps} scaleBps={scaleBps} className="min-w-20 flex-1" />
        <span
          className={cx('w-[4.75rem] text-right tabular-nums', isInBand ? 'text-ink-soft' : 'font-semibold text-warn')}
        >
          {formatDriftPp(driftBps)}
          {!isInBand && <span className="sr-only">, out of band</span>}
        </span>
      </span>
    </td>
  )
}

function OtherRowView({ other, weight }: { other: OtherRow; weight: number | undefined }) {
  const symbols = other.positions.map(({ assetId }) => assetId).join(', ')
  return (
    <tr className={row}>
      <th scope="row" className="col-start-1 row-span-2 row-start-1 text-left font-normal">
        <span className="flex items-center gap-3">
          <span
            aria-hidden="true"
            className="inline-flex size-8 items-center justify-center rounded-full bg-sunken text-ink-faint text-xs"
          >
            {other.positions.length}
          </span>
          <span className="min-w-0">
            <span className="block font-semibold leading-5">Other</span>
            <span className="block truncate text-[13px] text-ink-faint leading-5">{symbols}</span>
          </span>
        </span>
      </th>
      <td className={cx(number, 'hidden md:table-cell')} />
      <td className={cx(number, 'hidden md:table-cell')} />
      <td className={cx(number, 'col-start-2 row-start-1 font-medium')}>
        <UsdAmount value={other.valueUsd} />
      </td>
      <td className={cx(number, 'col-start-2 row-start-2 text-[13px] md:text-[15px]')}>
        {weight === undefined ? '–' : formatTenths(weight)}
      </td>
      <td className="hidden md:table-cell" />
      <td className="hidden md:table-cell" />
    </tr>
  )
}

/** One row for each asset: how much, what it is worth, and how far it is from its target. */
export function HoldingsTable({ portfolio, hasTargets, settings, blockTimestamp }: HoldingsTableProps) {
  const { policy } = settings
  const shown = selectRows(portfolio)
  const weights = selectDisplayWeights(shown)
  const scaleBps = selectBandScale(shown.rows, settings.bandBps)

  return (
    <table className={cx(table, 'block md:table')}>
      <caption className="sr-only">Holdings</caption>
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr>
          <th scope="col" className={cx(headCell, 'text-left')}>
            Asset
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Balance
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Price
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Value
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Now
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Target
          </th>
          <th scope="col" className={cx(headCell, 'text-right')}>
            Drift
          </th>
        </tr>
      </thead>
      <tbody className="block md:table-row-group">
        {shown.rows.map((position) => {
          const { assetId, asset, valueUsd, isPartial, targetBps, isExcluded } = position
          const tenths = weights.get(assetId)
          return (
            <tr key={assetId} className={row}>
              <AssetCell symbol={assetId} name={asset.name} mark={markOf(policy, assetId)} />
              <BalanceCell position={position} />
              <PriceCell position={position} blockTimestamp={blockTimestamp} />
              <td className={cx(number, 'col-start-2 row-start-1 font-medium leading-5')}>
                {isPartial && valueUsd !== undefined && <span title="At least: not all of it could be read">≥ </span>}
                <UsdAmount value={valueUsd} />
              </td>
              <td className={cx(number, 'col-start-2 row-start-3 mt-3 text-[13px] md:text-[15px]')}>
                <span className={label}>Now</span>
                {valueUsd === undefined || tenths === undefined ? '–' : formatTenths(tenths)}
              </td>
              <td className={cx(number, 'col-start-2 row-start-4 text-[13px] text-ink-soft md:text-[15px]')}>
                <span className={label}>Target</span>
                {hasTargets && !isExcluded ? formatWeight(targetBps) : '–'}
              </td>
              <DriftCell
                position={position}
                bandBps={bandOf(settings, assetId)}
                scaleBps={scaleBps}
                hasTargets={hasTargets}
              />
            </tr>
          )
        })}
        {shown.other !== undefined && <OtherRowView other={shown.other} weight={weights.get('other')} />}
      </tbody>
    </table>
  )
}
