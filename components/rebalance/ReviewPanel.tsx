import type { ReactNode } from 'react'
import { Alert } from '@/components/ui/Alert'
import { Icon } from '@/components/ui/Icon'
import { Panel } from '@/components/ui/Panel'
import { nameContract } from '@/components/wallet/nameContract'
import type { TokenDelta } from '@/lib/chain/bundle/simulateBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Rung } from '@/lib/core/execution/execution'
import { formatTokenAmount, formatUsd } from '@/lib/core/numbers/format'
import type { Review } from '@/lib/query/readReview'
import { BalanceChanges } from './BalanceChanges'
import { CallList, FullAddress } from './CallList'
import { toNetworkFee } from './networkFee'
import { findToken } from './planView'
import { toReviewView } from './reviewView'
import type { SignBlock } from './signAction'

type ReviewPanelProps = {
  readonly review: Review
  readonly deployment: Deployment
  readonly block: SignBlock | undefined
  /** The button that signs, with what it needs before. */
  readonly action: ReactNode
}

function countOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

/** How often the wallet asks, and for what. */
export function describeSending(rung: Rung, { approvals, swaps }: { approvals: number; swaps: number }): string {
  const swapping = countOf(swaps, 'swap')
  if (rung === 'atomicBatch') {
    return approvals === 0
      ? `One signature: ${swapping} in one transaction.`
      : `One signature: ${countOf(approvals, 'approval')} and ${swapping}, all or nothing.`
  }
  return approvals === 0
    ? `One signature: ${swapping} in one transaction.`
    : `${approvals + 1} signatures: ${countOf(approvals, 'approval')} one by one, then ${swapping} in one transaction.`
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2">
      <dt className="text-ink-faint text-sm">{label}</dt>
      <dd className="min-w-0 text-right text-sm tabular-nums">{children}</dd>
    </div>
  )
}

function Check({ children }: { children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <Icon name="check" className="mt-0.5 text-ok" />
      <span>{children}</span>
    </li>
  )
}

const soldFirst = (a: TokenDelta, b: TokenDelta) => Number(a.amount > 0n) - Number(b.amount > 0n)

/** The exact calls in plain words, drawn from their decoding and their simulation and from nothing else. */
export function ReviewPanel({ review, deployment, block, action }: ReviewPanelProps) {
  const { decoded, simulation, bundle, simulatedAt, rung } = review
  const { assets } = deployment
  const view = toReviewView(decoded, { account: bundle.account, assets })
  const changes =
    simulation.status === 'succeeded'
      ? [...simulation.deltas].sort(soldFirst).map(({ token, amount }) => {
          const known = findToken(assets, token)
          return { amount, decimals: known?.decimals ?? 0, symbol: known?.symbol ?? token }
        })
      : []
  const fee = simulation.status === 'succeeded' ? toNetworkFee(review, simulation.gasUsed) : undefined
  const deadlineMinutes = Math.floor((decoded.deadline - simulatedAt.timestamp) / 60)
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_23rem]">
      <Panel
        title="What you sign"
        description={describeSending(rung, { approvals: view.approvalCount, swaps: view.swapCount })}
        className="min-w-0"
        isFlush
      >
        <CallList calls={view.calls} router={view.router} deployment={deployment} />
      </Panel>
      <Panel title="What it does" className="min-w-0 lg:sticky lg:top-24">
        <div className="space-y-4">
          {changes.length > 0 && <BalanceChanges changes={changes} minimums={view.minimums} />}
          <dl className="divide-y divide-line border-line border-t">
            <div className="py-2">
              <dt className="text-ink-faint text-sm">Paid to your account</dt>
              <dd>
                <FullAddress address={bundle.account} />
              </dd>
            </div>
            <div className="py-2">
              <dt className="text-ink-faint text-sm">Executed by</dt>
              <dd className="text-sm">
                {nameContract(view.router, deployment) ?? 'An unknown contract'} <FullAddress address={view.router} />
              </dd>
            </div>
            {fee !== undefined && (
              <Row label="Network fee, about">
                {formatTokenAmount(fee.wei, 18)} ETH
                {fee.usd !== undefined && <span className="text-ink-faint"> · {formatUsd(fee.usd)}</span>}
              </Row>
            )}
            <Row label="Deadline">
              {deadlineMinutes > 0 ? `${deadlineMinutes} min from now` : 'in under a minute'}, then nothing is traded
            </Row>
          </dl>
          {block === undefined ? (
            <ul className="space-y-1.5 text-ink-soft text-sm">
              <Check>Decoded by independent code: as planned</Check>
              <Check>Simulated at block {simulatedAt.number.toString()}: as decoded</Check>
              <Check>Exact approvals, used up in the same swap</Check>
            </ul>
          ) : (
            <Alert tone="danger" code={block.code} title={block.title}>
              {block.body}
            </Alert>
          )}
          {action}
          <p className="border-line border-t pt-3 text-[13px] text-ink-faint">
            Ballast never asks you to sign a message. Your wallet shows a transaction or a batch of calls, nothing else.
          </p>
        </div>
      </Panel>
    </div>
  )
}
