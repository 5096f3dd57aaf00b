/** The fewest calls with which a batch makes sense: one approval and the swap. */
const leastCalls = 2

/**
 * How many calls a batch may have at most after a wallet refused one for its size (EIP-5792 code 5740): wallets do not say their limit,
 * so that it is halved. Nothing where there is nothing left to split: then approvals and one swap remain.
 * @param refusedCalls how many calls the refused batch had
 */
export function lowerCallLimit(refusedCalls: number): number | undefined {
  const half = Math.floor(refusedCalls / 2)
  if (refusedCalls <= leastCalls) return undefined
  return Math.max(leastCalls, half)
}
