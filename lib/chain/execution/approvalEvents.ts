import { type Address, type Client, decodeEventLog, type Hex, isAddressEqual, type Log, parseAbi } from 'viem'
import { getLogs } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { DecodedApproval } from '@/lib/core/bundle'
import type { BlockMark } from '@/lib/core/execution/reduceExecution'
import type { PlainLog } from './swapEvents'

const erc20Events = parseAbi(['event Approval(address indexed owner, address indexed spender, uint256 value)'])
const permit2Events = parseAbi([
  'event Approval(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration)',
])

/** An approval of a bundle that a log shows, and where. */
export type ShownApproval = BlockMark & { readonly callIndex: number; readonly txHash: Hex }

type Subject = { readonly account: Address; readonly deployment: Pick<Deployment, 'contracts'> }

/** Whether logs show an approval with exactly this amount. */
export function showsApproval(logs: readonly PlainLog[], approval: DecodedApproval, subject: Subject): boolean {
  return logs.some((log) => isApproval(log, approval, subject))
}

function isApproval(
  { address, topics, data }: PlainLog,
  approval: DecodedApproval,
  { account, deployment }: Subject,
): boolean {
  const logger = approval.kind === 'erc20' ? approval.token : deployment.contracts.permit2
  if (!isAddressEqual(address, logger)) return false
  try {
    if (approval.kind === 'erc20') {
      const { owner, spender, value } = decodeEventLog({ abi: erc20Events, topics, data }).args
      return isAddressEqual(owner, account) && isAddressEqual(spender, approval.spender) && value === approval.amount
    }
    const { owner, token, spender, amount } = decodeEventLog({ abi: permit2Events, topics, data }).args
    return (
      isAddressEqual(owner, account) &&
      isAddressEqual(token, approval.token) &&
      isAddressEqual(spender, approval.spender) &&
      amount === approval.amount
    )
  } catch {
    return false
  }
}

/** Finds for each approval of a bundle the first transaction after a block that made it, in the order of the bundle. */
export async function findApprovals(
  client: Client,
  {
    approvals,
    fromBlock,
    ...subject
  }: Subject & { readonly approvals: readonly DecodedApproval[]; readonly fromBlock: bigint },
): Promise<readonly ShownApproval[]> {
  if (approvals.length === 0) return []
  const { account, deployment } = subject
  const since = { fromBlock: fromBlock + 1n } as const
  const tokens = [...new Set(approvals.filter(({ kind }) => kind === 'erc20').map(({ token }) => token))]
  const [ofTokens, ofPermit2] = await Promise.all([
    tokens.length === 0
      ? []
      : getLogs(client, { address: tokens, event: erc20Events[0], args: { owner: account }, ...since }),
    approvals.every(({ kind }) => kind === 'erc20')
      ? []
      : getLogs(client, {
          address: deployment.contracts.permit2,
          event: permit2Events[0],
          args: { owner: account },
          ...since,
        }),
  ])
  const logs: readonly Log[] = [...ofTokens, ...ofPermit2]
  return approvals.flatMap((approval, callIndex) => {
    const log = logs.find((each) => isApproval(each, approval, subject))
    if (log?.transactionHash == null || log.blockNumber === null || log.blockHash === null) return []
    const { transactionHash: txHash, blockNumber, blockHash } = log
    return [{ callIndex, txHash, blockNumber, blockHash }]
  })
}
