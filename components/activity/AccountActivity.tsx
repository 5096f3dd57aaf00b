import Link from 'next/link'
import { useState } from 'react'
import { planPath } from '@/components/app/paths'
import { ReadFailure } from '@/components/portfolio/ReadFailure'
import { linkStyles } from '@/components/rebalance/linkStyles'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { Panel } from '@/components/ui/Panel'
import type { ChainClient } from '@/lib/chain/client'
import type { Hex } from '@/lib/core/units'
import { useActivity } from '@/lib/hooks/activity/useActivity'
import { useRecordReceipt } from '@/lib/hooks/activity/useRecordReceipt'
import { useSavedRebalance } from '@/lib/hooks/activity/useSavedRebalance'
import { useStandings } from '@/lib/hooks/activity/useStandings'
import { useDeployment } from '@/lib/hooks/useDeployment'
import type { Session } from '@/lib/hooks/useSession'
import type { OutcomeRequest } from '@/lib/query/outcomeQuery'
import { maxReceipts } from '@/lib/storage/activityStore'
import { AllowancesPanel } from './AllowancesPanel'
import { EmptyActivity } from './EmptyActivity'
import { ExportButtons } from './ExportButtons'
import { ReceiptCard } from './ReceiptCard'
import { UndoDialog } from './UndoDialog'

type Present = Extract<Session, { status: 'connected' | 'watching' }>

const pageSize = 20

/** The receipts of an account, what the chain says of them now, and what may still be taken from it. */
export function AccountActivity({ session, client }: { readonly session: Present; readonly client: ChainClient }) {
  const deployment = useDeployment()
  const { chainId, assets } = deployment
  const { account } = session
  const { receipts, unreadableCount } = useActivity({ account, chainId })
  const [shownCount, setShownCount] = useState(pageSize)
  const [undoing, setUndoing] = useState<Hex>()
  const shown = receipts.slice(0, shownCount)
  const standings = useStandings(client, shown)
  const { saved, isDone } = useSavedRebalance({ account, chainId })
  const undoingIndex = receipts.findIndex(({ txHash }) => txHash === undoing)

  return (
    <div className="space-y-6">
      {saved !== undefined && <LastRebalance request={{ client, deployment, saved }} isDone={isDone} />}
      {standings.isError && (
        <ReadFailure error={standings.error} isRetrying={standings.isFetching} onRetry={standings.refetch} />
      )}
      {unreadableCount > 0 && (
        <Alert
          tone="warn"
          code="receiptsDamaged"
          title={unreadableCount === 1 ? 'One receipt cannot be read' : `${unreadableCount} receipts cannot be read`}
        >
          What this browser kept is damaged or of another version. It is left as it is; the other receipts are complete.
        </Alert>
      )}
      {receipts.length === 0 ? (
        <EmptyActivity />
      ) : (
        <Panel
          title="Receipts"
          description={describeKept(receipts.length)}
          actions={<ExportButtons receipts={receipts} chainId={chainId} />}
          isFlush
        >
          <ul aria-label="Receipts" className="divide-y divide-line border-line border-t">
            {shown.map((receipt) => (
              <ReceiptCard
                key={receipt.txHash}
                receipt={receipt}
                standing={standings.isError ? undefined : standings.data?.get(receipt.txHash)}
                assets={assets}
                onUndo={() => setUndoing(receipt.txHash)}
              />
            ))}
          </ul>
          {receipts.length > shownCount && (
            <div className="border-line border-t px-5 py-4 text-center sm:px-6">
              <Button onClick={() => setShownCount(shownCount + pageSize)}>
                Show {Math.min(pageSize, receipts.length - shownCount)} more
              </Button>
            </div>
          )}
        </Panel>
      )}
      <AllowancesPanel session={session} client={client} />
      <UndoDialog
        receipt={receipts[undoingIndex]}
        laterCount={Math.max(0, undoingIndex)}
        session={session}
        client={client}
        onClose={() => setUndoing(undefined)}
      />
    </div>
  )
}

/** From this many receipts on it is said that the oldest go. */
const nearlyFull = maxReceipts - 20

function describeKept(count: number): string {
  if (count < nearlyFull) return 'Kept in this browser alone. Export them to keep them elsewhere.'
  return `${count} of at most ${maxReceipts} in this browser: the oldest go when new ones come. Export them to keep them.`
}

/** A rebalance that was not put away yet: it gets its receipt here too, or the way to where it goes on. */
function LastRebalance({ request, isDone }: { request: OutcomeRequest; isDone: boolean }) {
  useRecordReceipt(request)
  if (isDone) return null
  return (
    <Alert
      tone="info"
      code="rebalanceUnfinished"
      title="A rebalance of this account is not finished"
      action={
        <Link href={planPath} prefetch={false} className={linkStyles.secondary}>
          Go to it
        </Link>
      }
    >
      Its receipt stands here once all of it is confirmed.
    </Alert>
  )
}
