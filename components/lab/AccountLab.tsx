import { useMemo } from 'react'
import { ReadFailure } from '@/components/portfolio/ReadFailure'
import type { ChainClient } from '@/lib/chain/client'
import { measurePortfolio, priceUsd } from '@/lib/core/portfolio/portfolio'
import { useKnownPlan } from '@/lib/hooks/lab/useKnownPlan'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useRiskHistory } from '@/lib/hooks/useRiskHistory'
import type { Session } from '@/lib/hooks/useSession'
import { useSettings } from '@/lib/hooks/useSettings'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import { useTargets } from '@/lib/hooks/useTargets'
import { LabSkeleton } from './LabSkeleton'
import { LabView } from './LabView'
import {
  composeExample,
  composeSubject,
  estimateCost,
  type LabSubject,
  measureKnownCost,
  toDollars,
} from './labSubject'

type AccountLabProps = {
  readonly session: Extract<Session, { status: 'connected' | 'watching' }>
  readonly client: ChainClient
}

/** The lab with an account's own portfolio; with the example while there is none to be read. */
export function AccountLab({ session: { account }, client }: AccountLabProps) {
  const { chainId, hubAssetIds } = useDeployment()
  const owner = useMemo(() => ({ account, chainId }), [account, chainId])
  const snapshot = useSnapshot({ account, client })
  const { targets } = useTargets(owner)
  const { settings } = useSettings(owner)
  const plan = useKnownPlan(owner)
  const { data, error } = snapshot

  if (data === undefined && error === null) return <LabSkeleton />
  const failure = error !== null && (
    <div className="mb-6">
      <ReadFailure
        error={error}
        isRetrying={snapshot.isFetching}
        onRetry={snapshot.refetch}
        {...(data === undefined ? {} : { readAtMs: snapshot.dataUpdatedAt })}
      />
    </div>
  )
  const portfolio = data && measurePortfolio(data, targets, settings)
  if (data === undefined || portfolio?.status !== 'funded') {
    return (
      <>
        {failure}
        <LabView key="example" subject={composeExample(settings)} />
      </>
    )
  }
  const native = data.assets.find(({ asset }) => asset.id === hubAssetIds[0])
  const nativePrice = native && priceUsd(native.price)
  const known =
    (plan && measureKnownCost(plan, toDollars(portfolio.totalUsd))) ??
    (nativePrice && estimateCost(data.block.baseFeePerGas, toDollars(nativePrice)))
  return (
    <>
      {failure}
      <FundedLab key="account" subject={composeSubject({ owner, portfolio, targets, settings, known })} />
    </>
  )
}

/** The lab with what the chain says of the past of what is held or wanted. */
function FundedLab({ subject }: { readonly subject: LabSubject }) {
  const { assets } = useDeployment()
  const named = new Set([...subject.targets, ...(subject.held ?? [])].map(({ id }) => id))
  const moving = assets.filter(({ id, isStable }) => named.has(id) && !isStable).map(({ id }) => id)
  return <LabView subject={subject} chainHistory={useRiskHistory(moving)} />
}
