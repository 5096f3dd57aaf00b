import type { QueryClient } from '@tanstack/react-query'
import { AppError, RequestTimeoutError } from '@/lib/chain/appErrors'
import { answerWithin } from '@/lib/chain/execution/patience'
import { readThroughWallet, type WalletReading } from '@/lib/chain/read/readThroughWallet'
import { toAppError } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import { isOlderBlock } from '@/lib/core/headAge'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import type { Snapshot } from '@/lib/core/snapshot'
import { compareSources, mergeSources, type SourceDisagreement } from '@/lib/core/sources/compareSources'
import { assertNever } from '@/lib/core/units'
import { composePlanRequest, type PlanState, type PlanSubject } from './planQuery'
import { snapshotKey } from './snapshotQuery'

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

/** The wallet's own node gives no usable answers: it confirms nothing, and nothing may be signed (T-40). */
export class WalletUnreadableError extends AppError {
  override readonly name = 'WalletUnreadableError'
  readonly failure = 'unreachable'
  constructor(options?: ErrorOptions) {
    super(
      'The chain could not be read through your wallet. Try again, or choose another endpoint in your wallet.',
      options,
    )
  }
}

/** What is asked of the wallet's own node. */
export type SecondOpinionRequest = {
  readonly subject: PlanSubject
  readonly plan: RebalancePlan
  /** What our node says now: the block is read again through the wallet. */
  readonly snapshot: Snapshot
  readonly signal?: AbortSignal
}

/** With these the wallet itself says nothing of the chain; with all others it says what is wrong with it. */
const silent: ReadonlySet<ExecutionFailure> = new Set(['unreachable', 'timeout', 'batchUnsupported', 'unknown'])

/** All reads of a wallet together take no longer than this: one that answers a few calls and drops others is read again and again. */
const patienceMs = 8_000

async function readWallet(provider: WalletProvider, request: SecondOpinionRequest): Promise<WalletReading> {
  const { subject, plan, snapshot, signal } = request
  try {
    const { deployment } = subject
    const reading = await answerWithin(readThroughWallet(provider, { plan, snapshot, deployment, signal }), patienceMs)
    if (reading === undefined) throw new RequestTimeoutError()
    return reading
  } catch (error) {
    const known = toAppError(error)
    throw silent.has(known.failure) ? new WalletUnreadableError({ cause: known }) : known
  }
}

/**
 * Has the wallet's own node confirm all that a plan's bytes rest on, right before they are signed.
 * @throws {SourcesDisagreeError} when it says something else.
 * @throws {WalletUnreadableError} when it says nothing: then nothing is confirmed.
 * @throws {AppError} when the wallet is locked or on another chain.
 */
export async function assertWalletAgrees(provider: WalletProvider, request: SecondOpinionRequest): Promise<void> {
  const { subject, plan, snapshot } = request
  const wallets = await readWallet(provider, request)
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

/** A review waits no longer than this for the wallet's node: it is asked again before anything is signed. */
const reviewPatienceMs = 1_500

/**
 * As {@link assertWalletAgrees}, for a review: only a contradiction counts yet, and a wallet that is slow or cannot be read holds
 * nobody up.
 * @throws {SourcesDisagreeError} when the wallet's node says something else.
 */
export async function assertNoContradiction(provider: WalletProvider, request: SecondOpinionRequest): Promise<void> {
  try {
    await answerWithin(assertWalletAgrees(provider, request), reviewPatienceMs)
  } catch (error) {
    if (error instanceof SourcesDisagreeError) throw error
  }
}

/**
 * The newest snapshot of a subject that is known. A plan keeps the one that it was made of, which may be minutes old although nothing
 * of it changed; two sources are compared at a block that both still have.
 */
export function selectNewestSnapshot(
  queries: QueryClient,
  { account, deployment }: Pick<PlanSubject, 'account' | 'deployment'>,
  { snapshot }: Pick<PlanState, 'snapshot'>,
): Snapshot {
  const known = queries.getQueryData<Snapshot>(snapshotKey({ chainId: deployment.chainId, account }))
  return known === undefined || isOlderBlock(known.block, snapshot.block) ? snapshot : known
}
