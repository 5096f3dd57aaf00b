import { Panel } from '@/components/ui/Panel'
import { useSnapshot } from '@/lib/hooks/useSnapshot'
import type { PlanSubject } from '@/lib/query/planQuery'
import { AllowanceList, type AllowanceListProps } from './AllowanceList'
import { listAllowances } from './listAllowances'

type LeftoverAllowancesProps = Pick<AllowanceListProps, 'session'> & { readonly subject: PlanSubject }

/** What Uniswap's routers and Permit2 may still take, with a button for each that ends it. Nothing is shown where there is none. */
export function LeftoverAllowances({ subject, session }: LeftoverAllowancesProps) {
  const { account, client, deployment } = subject
  const { data } = useSnapshot({ account, client })
  const allowances = data === undefined ? [] : listAllowances(data, deployment)
  if (allowances.length === 0) return null
  return (
    <Panel
      title="Allowances"
      description="What Uniswap’s routers and Permit2 may still take from this account. The next plan uses what suffices."
      className="mt-6"
      isFlush
    >
      <AllowanceList
        session={session}
        deployment={deployment}
        client={client}
        allowances={allowances}
        plan={undefined}
      />
    </Panel>
  )
}
