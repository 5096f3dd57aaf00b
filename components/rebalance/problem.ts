import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { SourceDisagreement } from '@/lib/core/sources/compareSources'
import { SourcesDisagreeError, WalletUnreadableError } from '@/lib/query/secondOpinion'
import { describeFailure, type FailureContext, type FailureWords } from './executionWords'

/** Why nothing went on: a failure as an execution keeps it, and what is known of it beyond that. */
export type Problem = {
  readonly failure: ExecutionFailure
  /** What the wallet's node and ours disagree on. */
  readonly disagreements?: readonly SourceDisagreement[]
  /** It is the wallet through which the chain could not be read. */
  readonly isWalletUnreadable?: boolean
}

/** Takes whatever was thrown for a problem. */
export function toProblem(error: unknown): Problem {
  const failure = toExecutionFailure(error)
  if (error instanceof SourcesDisagreeError) return { failure, disagreements: error.disagreements }
  if (error instanceof WalletUnreadableError) return { failure, isWalletUnreadable: true }
  return { failure }
}

/** What a problem means to a person. */
export type ProblemWords = Omit<FailureWords, 'code'> & { readonly code: ExecutionFailure | 'walletUnreadable' }

/** Says what went wrong, what did not happen, and what can be done. */
export function describeProblem({ failure, isWalletUnreadable }: Problem, context: FailureContext): ProblemWords {
  if (isWalletUnreadable !== true) return describeFailure(failure, context)
  return {
    code: 'walletUnreadable',
    tone: 'warn',
    title: 'The chain cannot be read through your wallet',
    body: 'Nothing was sent. Before you sign, balances, prices and quotes are read a second time through your wallet, so that no single node is trusted with them. Sign again in a moment; if it stays so, choose another endpoint in your wallet.',
  }
}
