import Link from 'next/link'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import { formatWeight } from '@/lib/core/numbers/format'
import { measurePortfolio } from '@/lib/core/portfolio/portfolio'
import { useRecordReceipt } from '@/lib/hooks/activity/useRecordReceipt'
import { useExecutionOutcome } from '@/lib/hooks/useExecutionOutcome'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import type { PlanSubject } from '@/lib/query/planQuery'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'
import { linkStyles } from './linkStyles'
import { ReceiptNotes } from './ReceiptNotes'
import { ReceiptPanel, ReceiptSkeleton } from './ReceiptPanel'
import { measurePaidCost, toWeightsAfter } from './receiptView'
import { WeightTable } from './WeightTable'

type ReceiptPhaseProps = {
  readonly saved: SavedRebalance
  readonly subject: PlanSubject
  readonly onDone: () => void
}

/** The account of a rebalance: what arrived, what it cost, and how the weights stand now. */
export function ReceiptPhase({ saved, subject, onDone }: ReceiptPhaseProps) {
  const { client, deployment, account, targets, settings } = subject
  const { assets } = deployment
  const outcome = useExecutionOutcome({ client, deployment, saved })
  useRecordReceipt({ client, deployment, saved })
  const snapshot = useSnapshot({ account, client })

  if (outcome.data === undefined) {
    if (!outcome.isError) return <ReceiptSkeleton />
    return (
      <Alert
        tone="warn"
        code="receiptUnreadable"
        title="It is confirmed, but the receipt could not be read"
        action={
          <>
            <Button size="sm" icon="refresh" isBusy={outcome.isFetching} onClick={() => outcome.refetch()}>
              Read again
            </Button>
            <Button size="sm" variant="ghost" onClick={onDone}>
              Done
            </Button>
          </>
        }
      >
        {outcome.error.message}
      </Alert>
    )
  }
  const isAfter = snapshot.data !== undefined && snapshot.data.block.number >= outcome.data.blockNumber
  const portfolio = isAfter ? measurePortfolio(snapshot.data, targets, settings) : undefined
  const rows = portfolio === undefined ? undefined : toWeightsAfter(saved.plan, portfolio.positions, assets)
  const driftAfter = portfolio?.status === 'funded' ? ` → ${formatWeight(portfolio.driftBps)}` : ''
  return (
    <ReceiptPanel
      summary={`Rebalanced in block ${outcome.data.blockNumber} · drift ${formatWeight(saved.plan.driftBeforeBps)}${driftAfter}`}
      standing={<ReceiptNotes execution={saved.record.execution} />}
      outcome={outcome.data}
      assets={assets}
      cost={measurePaidCost(outcome.data, { plan: saved.plan, prices: saved.prices, assets })}
      weights={
        rows !== undefined && (
          <Panel title="Weights" description="Before, now on chain, and your target" isFlush>
            <WeightTable rows={rows} labels={{ now: 'Before', projected: 'After' }} />
          </Panel>
        )
      }
      actions={
        saved.plan.part === undefined ? (
          <>
            <Link href="/" className={linkStyles.primary} onClick={onDone}>
              To the portfolio
            </Link>
            <Button onClick={onDone}>Done</Button>
          </>
        ) : (
          <>
            <p className="text-ink-soft text-sm">
              This was part 1 of {saved.plan.part.of}. The rest is planned from what you hold now, at fresh quotes.
            </p>
            <Button variant="primary" onClick={onDone}>
              Plan part 2
            </Button>
            <Link href="/" className={linkStyles.secondary} onClick={onDone}>
              To the portfolio
            </Link>
          </>
        )
      }
    />
  )
}
