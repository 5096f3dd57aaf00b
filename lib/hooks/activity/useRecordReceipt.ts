import { useQuery } from '@tanstack/react-query'
import { receiptQuery } from '@/lib/query/activityReceiptQuery'
import type { OutcomeRequest } from '@/lib/query/outcomeQuery'

/** Keeps the receipt of a rebalance on this device once all of it is confirmed. */
export function useRecordReceipt(request: OutcomeRequest) {
  return useQuery(receiptQuery(request))
}
