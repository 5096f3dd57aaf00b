import { formatFeePips } from '@/components/format/formatPercent'
import type { Asset } from '@/lib/core/asset'
import type { DecodedBundle, DecodedSwap } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { type AmountView, findToken } from './planView'

/** One swap of a path, as the bytes name it. */
export type RouteView = { readonly from: string; readonly to: string; readonly venue: string; readonly fee: string }

/** One thing that the bytes do, in facts that can be written out. */
export type CallView =
  | {
      readonly kind: 'approval'
      readonly key: string
      readonly amount: AmountView
      readonly token: Address
      readonly spender: Address
    }
  | { readonly kind: 'reset'; readonly key: string; readonly symbol: string; readonly spender: Address }
  | {
      readonly kind: 'swap'
      readonly key: string
      readonly sell: AmountView
      readonly minimum: AmountView
      readonly route: readonly RouteView[]
      readonly recipient: Address
      /** The router holds what this swap pays until the unwrap below. */
      readonly isUnwrappedLater: boolean
    }
  | { readonly kind: 'unwrap'; readonly key: string; readonly minimum: AmountView; readonly recipient: Address }
  | { readonly kind: 'refund'; readonly key: string }

/** The review in facts. It is made from the decoding alone and knows nothing of the plan. */
export type ReviewView = {
  readonly calls: readonly CallView[]
  readonly approvalCount: number
  readonly swapCount: number
  readonly spends: readonly AmountView[]
  /** At least this much of each token reaches the account. */
  readonly minimums: readonly AmountView[]
  readonly router: Address
  readonly deadline: number
}

const nativeSymbol = 'ETH'
const nativeDecimals = 18

function addTo(totals: Map<string, AmountView>, added: AmountView) {
  const before = totals.get(added.symbol)
  totals.set(added.symbol, { ...added, amount: (before?.amount ?? 0n) + added.amount })
}

/** Writes a decoded bundle as a list of calls and totals. Tokens that are not listed appear by their full address. */
export function toReviewView(decoded: DecodedBundle, assets: readonly Asset[]): ReviewView {
  const symbolOf = (token: Address) => findToken(assets, token)?.symbol ?? token
  const amountOf = (token: Address, amount: bigint): AmountView => ({
    amount,
    decimals: findToken(assets, token)?.decimals ?? 0,
    symbol: symbolOf(token),
  })
  const native = (amount: bigint): AmountView => ({ amount, decimals: nativeDecimals, symbol: nativeSymbol })
  const isToRouter = ({ recipient }: DecodedSwap) => recipient.toLowerCase() === decoded.router.toLowerCase()

  const spends = new Map<string, AmountView>()
  const minimums = new Map<string, AmountView>()
  const approvals = decoded.approvals.map(({ token, spender, amount }, index): CallView => {
    const key = `approval-${index}`
    return amount === 0n
      ? { kind: 'reset', key, symbol: symbolOf(token), spender }
      : { kind: 'approval', key, amount: amountOf(token, amount), token, spender }
  })
  const swaps = decoded.swaps.map((swap, index): CallView => {
    const sell = swap.paidFrom === 'native' ? native(swap.amountIn) : amountOf(swap.tokenIn, swap.amountIn)
    const minimum = amountOf(swap.tokenOut, swap.minimumOut)
    addTo(spends, sell)
    if (!isToRouter(swap)) addTo(minimums, minimum)
    return {
      kind: 'swap',
      key: `swap-${index}`,
      sell,
      minimum,
      route: swap.route.map(({ tokenIn, tokenOut, venue }) => ({
        from: symbolOf(tokenIn),
        to: symbolOf(tokenOut),
        venue: venue === 'v2' ? 'Uniswap v2' : 'Uniswap v3',
        fee: formatFeePips(venue === 'v2' ? 3000 : venue),
      })),
      recipient: swap.recipient,
      isUnwrappedLater: isToRouter(swap),
    }
  })
  const ends: CallView[] = []
  if (decoded.unwrap !== undefined) {
    const minimum = native(decoded.unwrap.minimumOut)
    addTo(minimums, minimum)
    ends.push({ kind: 'unwrap', key: 'unwrap', minimum, recipient: decoded.unwrap.recipient })
  }
  if (decoded.refundsNative) ends.push({ kind: 'refund', key: 'refund' })
  return {
    calls: [...approvals, ...swaps, ...ends],
    approvalCount: approvals.length,
    swapCount: swaps.length,
    spends: [...spends.values()],
    minimums: [...minimums.values()],
    router: decoded.router,
    deadline: decoded.deadline,
  }
}
