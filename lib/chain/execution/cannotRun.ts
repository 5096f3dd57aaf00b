import { type Client, isAddressEqual } from 'viem'
import { readContract } from 'viem/actions'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import { sumPulled } from '@/lib/chain/bundle/bundleFacts'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { ChainHead } from '@/lib/core/execution/reconcileStep'
import type { Address } from '@/lib/core/units'
import type { ExecutionSession } from './executionPorts'

/**
 * Why a step that moves value cannot run any more: its deadline is over, or, for a swap of its own, the router may no longer take what
 * it sells. New approvals do not revive it beside a new swap: they are exact, so that at most one of the two finds enough. Nothing
 * where it could run.
 */
export async function cannotRun(
  { client, deployment, current }: Pick<ExecutionSession, 'client' | 'deployment' | 'current'>,
  stepIndex: number,
  head: ChainHead,
): Promise<ExecutionFailure | undefined> {
  const { bundle, requoted, execution } = current()
  const kind = execution.steps[stepIndex]?.kind
  const decoded = decodeBundle(kind === 'swap' ? (requoted ?? bundle) : bundle, deployment)
  if (head.timestamp > decoded.deadline) return 'deadlinePassed'
  const subject = { account: bundle.account, decoded, deployment, blockNumber: head.blockNumber }
  return kind === 'swap' && (await isShortOfAllowance(client, subject)) ? 'balanceChanged' : undefined
}

type Subject = {
  readonly account: Address
  readonly decoded: DecodedBundle
  readonly deployment: Deployment
  readonly blockNumber: bigint
}

async function isShortOfAllowance(
  client: Client,
  { account, decoded, deployment, blockNumber }: Subject,
): Promise<boolean> {
  const { permit2, universalRouter } = deployment.contracts
  const isThroughPermit2 = isAddressEqual(decoded.router, universalRouter)
  for (const [token, amount] of sumPulled(decoded)) {
    const args = [account, isThroughPermit2 ? permit2 : decoded.router] as const
    const read = { address: token, abi: erc20Abi, functionName: 'allowance', args, blockNumber } as const
    if ((await readContract(client, read)) < amount) return true
    if (!isThroughPermit2) continue
    const granted = [account, token, universalRouter] as const
    const grant = { address: permit2, abi: permit2Abi, functionName: 'allowance', args: granted, blockNumber } as const
    if ((await readContract(client, grant))[0] < amount) return true
  }
  return false
}
