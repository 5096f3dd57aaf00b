import { Alert } from '@/components/ui/Alert'
import { useIsForgetting } from '@/lib/hooks/useIsForgetting'

/** Says that a reload loses what waits, where the browser keeps nothing. */
export function MemoryNotice() {
  if (!useIsForgetting()) return null
  return (
    <Alert tone="warn" code="notRemembered" title="This browser cannot remember pending work" className="mb-5">
      <p>
        Its storage is full, or switched off for this site. A rebalance still goes its way, but only this page knows of
        it: leave it open until the receipt is there. After a reload, look into your wallet before you sign anything
        again.
      </p>
    </Alert>
  )
}
