import type { Address, Hex } from 'viem'
import { delegatorAddress } from '../addresses'
import type { RunningChain } from '../calls'
import { sendBatch, sendRpc } from '../rpc'

/** Delegates an account by EIP-7702 to a contract (MetaMask's delegate unless another is named), or frees it with `null`. */
export async function setDelegation(
  { rpcUrl }: RunningChain,
  account: Address,
  delegate: Address | null = delegatorAddress,
): Promise<void> {
  const code: Hex = delegate === null ? '0x' : `0xef0100${delegate.slice(2).toLowerCase()}`
  await sendBatch(rpcUrl, [
    { method: 'anvil_setCode', params: [account, code] },
    { method: 'evm_mine', params: [] },
  ])
}

/** The contract that an account is delegated to, or `null`. */
export async function readDelegation({ rpcUrl }: RunningChain, account: Address): Promise<Address | null> {
  const code = (await sendRpc(rpcUrl, 'eth_getCode', [account, 'latest'])) as Hex
  return code.startsWith('0xef0100') ? `0x${code.slice(8)}` : null
}
