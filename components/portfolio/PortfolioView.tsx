import { ConfigFailure } from '@/components/app/ConfigFailure'
import { useChainClient } from '@/lib/hooks/useChainClient'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'
import type { Session } from '@/lib/hooks/useSession'
import { AccountHeading } from './AccountHeading'
import { AccountPortfolio } from './AccountPortfolio'
import { PortfolioSkeleton } from './PortfolioSkeleton'

type PortfolioViewProps = { readonly session: Extract<Session, { status: 'connected' | 'watching' }> }

/** The portfolio of an account, once it is known where to read the chain. */
export function PortfolioView({ session }: PortfolioViewProps) {
  const client = useChainClient()
  const { isError, error, refetch, isFetching, isSuccess } = useRuntimeConfig()

  if (isError || (isSuccess && client === undefined)) {
    return (
      <>
        <AccountHeading session={session} />
        <ConfigFailure error={error ?? undefined} isRetrying={isFetching} onRetry={refetch} />
      </>
    )
  }
  if (client === undefined) return <PortfolioSkeleton />
  return <AccountPortfolio session={session} client={client} />
}
