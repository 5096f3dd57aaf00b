import { AppError } from '@/lib/chain/appErrors'
import { readThroughWallet } from '@/lib/chain/read/readThroughWallet'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import type { Snapshot } from '@/lib/core/snapshot'
import { compareSources, mergeSources, type SourceDisagreement } from '@/lib/core/sources/compareSources'
import { assertNever } from '@/lib/core/units'
import { composePlanRequest, type PlanSubject } from './planQuery'

function describe(disagreement: SourceDisagreement): string {
  switch (disagreement.kind) {
    case 'balance':
      return `your ${disagreement.symbol} balance`
    case 'allowance':
      return `what may be spent of your ${disagreement.symbol}`
    case 'price':
      return `the price of ${disagreement.assetId}`
    case 'pool':
      return `the pool of ${disagreement.assetIds.join(' and ')}`
    case 'quote':
      return `how much ${disagreement.assetId} you get`
    case 'block':
      return `the newest block: ${disagreement.wallets} and ${disagreement.ours}`
    default:
      return assertNever(disagreement)
  }
}

/** The wallet's own node and ours say different things of what is to be signed (T-40, T-41). Nothing may be signed. */
export class SourcesDisagreeError extends AppError {
  override readonly name = 'SourcesDisagreeError'
  readonly failure = 'sourcesDisagree'
  constructor(readonly disagreements: readonly [SourceDisagreement, ...SourceDisagreement[]]) {
    super(
      `Your wallet and our node disagree on ${describe(disagreements[0])}. Try again; if it stays so, one of the two endpoints must be corrected.`,
    )
  }
}

/**
 * Has the wallet's own node confirm all that a plan's bytes rest on, right before they are reviewed or signed.
 * @throws {SourcesDisagreeError} when it says something else.
 * @throws {AppError} when it cannot be read: then nothing is confirmed.
 */
export async function assertWalletAgrees(
  provider: WalletProvider,
  request: {
    readonly subject: PlanSubject
    readonly plan: RebalancePlan
    /** What our node says now: the block is read again through the wallet. */
    readonly snapshot: Snapshot
    readonly signal?: AbortSignal
  },
): Promise<void> {
  const { subject, plan, snapshot, signal } = request
  const { deployment } = subject
  const wallets = await readThroughWallet(provider, { plan, snapshot, deployment, signal })
  const toSource = (of: Snapshot, quotedOn: Snapshot) => ({
    snapshot: of,
    requote: requotePlan(plan, composePlanRequest(subject, { snapshot: quotedOn, priorityFeePerGas: 0n })),
  })
  const [first, ...others] = compareSources(plan, {
    ours: toSource(snapshot, snapshot),
    wallets: toSource(wallets.snapshot, mergeSources(snapshot, wallets.snapshot)),
    walletHead: wallets.head,
  })
  if (first !== undefined) throw new SourcesDisagreeError([first, ...others])
}
