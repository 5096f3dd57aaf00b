import { type ReactNode, type Ref, useId } from 'react'
import { formatBoundBps } from '@/components/format/formatPercent'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import { InfoTip } from '@/components/ui/InfoTip'
import { Panel } from '@/components/ui/Panel'
import { tableStyles } from '@/components/ui/tableStyles'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import {
  formatDollars,
  formatGapUsd,
  type LeftOutGroup,
  type PoolUseView,
  type ShadowPriceView,
  toLeftOutGroups,
  toPoolUseViews,
  toShadowPriceViews,
} from './certificateView'

type CertificatePanelProps = {
  readonly plan: RebalancePlan
  /** What the plan was made of. */
  readonly snapshot: Snapshot
  readonly isOpen: boolean
  readonly onToggle: (isOpen: boolean) => void
  /** Where the focus goes when the proof is asked for from elsewhere. */
  readonly summaryRef: Ref<HTMLElement>
  /** The file to check it with. */
  readonly children: ReactNode
}

const { table, headCell, row, cell, number } = tableStyles
const narrow = 'max-sm:not-first:pl-1 max-sm:not-last:pr-1 text-[13px] sm:text-sm'

/** What proves how good the plan is: the bound, the prices that it follows from, what each pool brings, and what it says nothing of. */
export function CertificatePanel({ plan, snapshot, isOpen, onToggle, summaryRef, children }: CertificatePanelProps) {
  const { certificate, leftOut, block } = plan
  const { valueUsd, boundUsd, gapBps, poolUse } = certificate
  const groups = toLeftOutGroups(leftOut)
  return (
    <Panel
      title="Certificate"
      description={`How close this plan is to the most that the pools allow at block ${block.number}`}
      isFlush
    >
      <details
        open={isOpen}
        onToggle={({ currentTarget }) => onToggle(currentTarget.open)}
        className="group border-line border-t"
      >
        <summary
          ref={summaryRef}
          className="flex min-h-11 items-center gap-2 px-5 py-2 text-ink-soft text-sm hover:text-ink sm:px-6"
        >
          <Icon name="chevron" className="size-3.5 transition-transform group-open:rotate-180" /> What proves it
        </summary>
        <div className="space-y-6 pt-1 pb-6">
          <dl className="grid grid-cols-2 gap-x-6 gap-y-3 px-5 sm:grid-cols-3 sm:px-6">
            <Figure label="This plan leaves" value={formatDollars(valueUsd)}>
              What the portfolio is worth after the trades at the prices of the feeds, gas taken off.
            </Figure>
            <Figure label="No plan leaves more than" value={formatDollars(boundUsd)}>
              The bound. It holds for every set of trades through these pools, however many and in whatever order.
            </Figure>
            <Figure label="The gap" value={`${formatBoundBps(gapBps)} bps · ${formatGapUsd(certificate)}`}>
              The difference. A better plan, if there is one, brings at most this much more.
            </Figure>
          </dl>
          <p className="max-w-prose px-5 text-ink-soft text-sm sm:px-6">
            The bound follows from one price for each asset at which no pool has more to give than its gas: nobody who
            pays these prices can gain by trading in another way. Anyone can work it out again from the prices below.
            Pools that are left out are outside of it.
          </p>
          <ShadowPrices lines={toShadowPriceViews(certificate, snapshot.assets)} />
          <PoolUses lines={toPoolUseViews(poolUse)} />
          <LeftOutPools groups={groups} count={leftOut.length} />
        </div>
      </details>
      <div className="border-line border-t px-5 py-4 sm:px-6">{children}</div>
    </Panel>
  )
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div className="min-w-0 last:max-sm:col-span-2">
      <dt className="text-[13px] text-ink-faint">
        {label} <InfoTip label={`About “${label.toLowerCase()}”`}>{children}</InfoTip>
      </dt>
      <dd className="font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

function Section({ title, children }: { title: string; children: (titleId: string) => ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="px-5 font-medium text-sm sm:px-6">
        {title}
      </h3>
      {children(id)}
    </section>
  )
}

function ShadowPrices({ lines }: { lines: readonly ShadowPriceView[] }) {
  return (
    <Section title="Shadow prices">
      {(id) => (
        <table aria-labelledby={id} className={cx(table, 'mt-1')}>
          <thead>
            <tr>
              <th scope="col" className={cx(headCell, narrow, 'text-left')}>
                Asset
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Feed
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Shadow price
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ assetId, feed, shadow, difference }) => (
              <tr key={assetId} className={row}>
                <th scope="row" className={cx(cell, narrow, 'py-2 text-left font-medium')}>
                  {assetId}
                </th>
                <td className={cx(cell, narrow, number, 'py-2 text-ink-soft')}>{feed ?? '–'}</td>
                <td className={cx(cell, narrow, number, 'py-2')}>{shadow}</td>
                <td className={cx(cell, narrow, number, 'py-2 text-ink-soft')}>{difference ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function PoolUses({ lines }: { lines: readonly PoolUseView[] }) {
  return (
    <Section title="What each pool brings">
      {(id) => (
        <table aria-labelledby={id} className={cx(table, 'mt-1')}>
          <thead>
            <tr>
              <th scope="col" className={cx(headCell, narrow, 'text-left')}>
                Pool
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Sold into it
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Surplus{' '}
                <InfoTip label="About the surplus">
                  What its swap earns at the shadow prices, before gas. A pool that earns less than its gas is not
                  called.
                </InfoTip>
              </th>
              <th scope="col" className={cx(headCell, narrow, 'text-right')}>
                Gas
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id: poolId, pair, venue, sold, surplus, gas }) => (
              <tr key={poolId} className={row}>
                <th scope="row" title={poolId} className={cx(cell, narrow, 'py-2 text-left font-medium')}>
                  {pair} <span className="block text-[13px] text-ink-faint sm:inline">{venue}</span>
                </th>
                <td className={cx(cell, narrow, number, 'py-2 text-ink-soft')}>{sold}</td>
                <td className={cx(cell, narrow, number, 'py-2')}>{surplus}</td>
                <td className={cx(cell, narrow, number, 'py-2 text-ink-soft')}>{gas}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function LeftOutPools({ groups, count }: { groups: readonly LeftOutGroup[]; count: number }) {
  return (
    <Section title={count === 0 ? 'No pool was left out' : 'Pools left out'}>
      {(id) => (
        <ul aria-labelledby={id} className="mt-2 space-y-3 px-5 text-sm sm:px-6">
          {groups.map(({ reason, words, pools }) => (
            <li key={reason}>
              <p className="text-ink-soft">{words}</p>
              <ul className="mt-1.5 flex flex-wrap gap-1.5">
                {pools.map(({ id: poolId, pair, venue, detail }) => (
                  <li
                    key={poolId}
                    title={poolId}
                    className="rounded-md bg-sunken px-2 py-0.5 text-[13px] text-ink-soft tabular-nums"
                  >
                    {pair} <span className="text-ink-faint">{venue}</span>
                    {detail !== undefined && <span className="text-warn"> · {detail}</span>}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
