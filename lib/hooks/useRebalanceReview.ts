import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { type PlanSubject, readPlanNow } from '@/lib/query/planQuery'
import { type Review, readReview } from '@/lib/query/readReview'
import { assertNoContradiction, selectNewestSnapshot } from '@/lib/query/secondOpinion'
import type { Session } from './useSession'

/**
 * Makes a review of the plan as it is now; nothing where there is no plan any more. A wallet's own node that says something else of
 * what it rests on is heard before anybody reads it.
 */
export function useRebalanceReview(subject: PlanSubject, session: Session) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (): Promise<Review | undefined> => {
      const state = await readPlanNow(queries, subject)
      if (state.outcome.status !== 'planned') return undefined
      const { client, deployment, rung } = subject
      const { plan } = state.outcome
      const askWallet = async () => {
        if (session.status !== 'connected') return
        const provider = (await session.connector.getProvider()) as WalletProvider
        const snapshot = selectNewestSnapshot(queries, subject, state)
        await assertNoContradiction(provider, { subject, plan, snapshot })
      }
      const [review] = await Promise.all([
        readReview(client, { plan, snapshot: state.snapshot, rung, simulatedAt: state.checkedAt, deployment }),
        askWallet(),
      ])
      return review
    },
  })
}
