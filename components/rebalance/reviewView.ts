import { formatFeePips } from '@/components/format/formatPercent'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedApproval, DecodedBundle, DecodedStep, DecodedVenue } from '@/lib/core/bundle'
import { type Address, assertNever } from '@/lib/core/units'
import { type AmountView, findToken } from './planView'

/** One swap of a path, as the bytes name it. */
export type RouteView = { readonly from: string; readonly to: string; readonly venue: string; readonly fee: string }

/** Who gets what a call pays: the account, the router for a later step, or somebody else, who is never left unnamed. */
export type ReceiverView =
  | { readonly kind: 'account' }
  | { readonly kind: 'router' }
  | { readonly kind: 'stranger'; readonly address: Address }

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
  /** Permit2 lets a spender pull; `expiration` 0 ends with the block. */
  | {
      readonly kind: 'grant'
      readonly key: string
      readonly amount: AmountView
      readonly spender: Address
      readonly expiration: number
    }
  | { readonly kind: 'pull'; readonly key: string; readonly amount: AmountView }
  | {
      readonly kind: 'swap'
      readonly key: string
      readonly sellSymbol: string
      /** Missing where it sells all that the router then holds. */
      readonly sell: AmountView | undefined
      readonly buySymbol: string
      /** Missing where the pay-out holds the minimum instead. */
      readonly minimum: AmountView | undefined
      readonly route: readonly RouteView[]
      readonly receiver: ReceiverView
    }
  | { readonly kind: 'wrap' | 'unwrap'; readonly key: string }
  | {
      readonly kind: 'payOut'
      readonly key: string
      readonly symbol: string
      readonly minimum: AmountView | undefined
      readonly receiver: ReceiverView
      /** What the router holds is wrapped, and is unwrapped first. */
      readonly isUnwrapped: boolean
    }
  | { readonly kind: 'refund'; readonly key: string }

/** The review in facts. It is made from the decoding alone and knows nothing of the plan. */
export type ReviewView = {
  readonly calls: readonly CallView[]
  readonly approvalCount: number
  readonly swapCount: number
  /** What leaves the account, by token. */
  readonly spends: readonly AmountView[]
  /** At least this much of each token reaches the account. */
  readonly minimums: readonly AmountView[]
  readonly router: Address
  readonly deadline: number
}

const constantProductFeePips = 3000

const isSame = (a: Address, b: Address) => a.toLowerCase() === b.toLowerCase()

function addTo(totals: Map<string, AmountView>, added: AmountView) {
  const before = totals.get(added.symbol)
  if (added.amount > 0n) totals.set(added.symbol, { ...added, amount: (before?.amount ?? 0n) + added.amount })
}

function feeOf(venue: DecodedVenue): number {
  return venue.version === 'v2' ? constantProductFeePips : venue.feePips
}

type Names = {
  readonly symbolOf: (token: Address) => string
  readonly amountOf: (token: Address, amount: bigint) => AmountView
  readonly receiverOf: (recipient: Address) => ReceiverView
}

function toApprovalCall(approval: DecodedApproval, key: string, { symbolOf, amountOf }: Names): CallView {
  const { kind, token, spender, amount } = approval
  switch (kind) {
    case 'erc20':
      return amount === 0n
        ? { kind: 'reset', key, symbol: symbolOf(token), spender }
        : { kind: 'approval', key, amount: amountOf(token, amount), token, spender }
    case 'permit2':
      return { kind: 'grant', key, amount: amountOf(token, amount), spender, expiration: approval.expiration }
    default:
      return assertNever(kind)
  }
}

function toStepCall(step: DecodedStep, key: string, { symbolOf, amountOf, receiverOf }: Names): CallView {
  switch (step.kind) {
    case 'pull':
      return { kind: 'pull', key, amount: amountOf(step.token, step.amount) }
    case 'swap': {
      const { tokenIn, tokenOut, route, amountIn, minimumOut, recipient, paidFrom } = step
      const soldToken = paidFrom === 'native' ? nativeAddress : tokenIn
      return {
        kind: 'swap',
        key,
        sellSymbol: symbolOf(soldToken),
        sell: amountIn === 'rest' ? undefined : amountOf(soldToken, amountIn),
        buySymbol: symbolOf(tokenOut),
        minimum: minimumOut === 0n ? undefined : amountOf(tokenOut, minimumOut),
        route: route.map((hop) => ({
          from: symbolOf(hop.tokenIn),
          to: symbolOf(hop.tokenOut),
          venue: hop.venue.version,
          fee: formatFeePips(feeOf(hop.venue)),
        })),
        receiver: receiverOf(recipient),
      }
    }
    case 'wrap':
    case 'unwrap':
      return { kind: step.kind, key }
    case 'payOut': {
      const token = paidToken(step)
      return {
        kind: 'payOut',
        key,
        symbol: symbolOf(token),
        minimum: step.minimumOut === 0n ? undefined : amountOf(token, step.minimumOut),
        receiver: receiverOf(step.recipient),
        isUnwrapped: step.fromWrapped,
      }
    }
    case 'refund':
      return { kind: 'refund', key }
    default:
      return assertNever(step)
  }
}

/** What a pay-out pays: the native coin where it unwraps first. */
function paidToken({ token, fromWrapped }: Extract<DecodedStep, { kind: 'payOut' }>): Address {
  return fromWrapped ? nativeAddress : token
}

/** What reaches the account for certain, by the steps that pay it. */
function sumMinimums({ steps }: DecodedBundle, { amountOf, receiverOf }: Names): readonly AmountView[] {
  const totals = new Map<string, AmountView>()
  for (const step of steps) {
    if (step.kind !== 'swap' && step.kind !== 'payOut') continue
    if (receiverOf(step.recipient).kind !== 'account') continue
    addTo(totals, amountOf(step.kind === 'swap' ? step.tokenOut : paidToken(step), step.minimumOut))
  }
  return [...totals.values()]
}

/** What leaves the account: what comes along with the call, what is pulled, and what swaps take from it themselves. */
function sumSpends({ steps, value }: DecodedBundle, { amountOf }: Names): readonly AmountView[] {
  const totals = new Map<string, AmountView>()
  addTo(totals, amountOf(nativeAddress, value))
  for (const step of steps) {
    if (step.kind === 'pull') addTo(totals, amountOf(step.token, step.amount))
    if (step.kind === 'swap' && step.paidFrom === 'token' && step.amountIn !== 'rest') {
      addTo(totals, amountOf(step.tokenIn, step.amountIn))
    }
  }
  return [...totals.values()]
}

/** Writes a decoded bundle as a list of calls and totals. Tokens that are not listed appear by their full address. */
export function toReviewView(
  decoded: DecodedBundle,
  { account, assets }: { readonly account: Address } & Pick<Deployment, 'assets'>,
): ReviewView {
  const symbolOf = (token: Address) => findToken(assets, token)?.symbol ?? token
  const names: Names = {
    symbolOf,
    amountOf: (token, amount) => ({
      amount,
      decimals: findToken(assets, token)?.decimals ?? 0,
      symbol: symbolOf(token),
    }),
    receiverOf: (recipient) => {
      if (isSame(recipient, account)) return { kind: 'account' }
      return isSame(recipient, decoded.router) ? { kind: 'router' } : { kind: 'stranger', address: recipient }
    },
  }
  const approvals = decoded.approvals.map((approval, index) => toApprovalCall(approval, `approval-${index}`, names))
  const steps = decoded.steps.map((step, index) => toStepCall(step, `step-${index}`, names))
  return {
    calls: [...approvals, ...steps],
    approvalCount: approvals.length,
    swapCount: steps.filter(({ kind }) => kind === 'swap').length,
    spends: sumSpends(decoded, names),
    minimums: sumMinimums(decoded, names),
    router: decoded.router,
    deadline: decoded.deadline,
  }
}
