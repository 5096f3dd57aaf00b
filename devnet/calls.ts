import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { sendRpc } from './rpc'

/** Any local chain that runs, in this process or another. A `Devnet` is one. */
export type RunningChain = { readonly rpcUrl: string }

/** Calls a view of a contract at the head of the chain. */
export async function readContract<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'pure' | 'view' | 'nonpayable'>,
  const args extends ContractFunctionArgs<abi, 'pure' | 'view' | 'nonpayable', name>,
>(
  { rpcUrl }: RunningChain,
  { address, abi, functionName, args }: { address: Address; abi: abi; functionName: name; args: args },
): Promise<ContractFunctionReturnType<abi, 'pure' | 'view' | 'nonpayable', name, args>> {
  const call = { abi, functionName, args } as Parameters<typeof encodeFunctionData>[0]
  const data = (await sendRpc(rpcUrl, 'eth_call', [{ to: address, data: encodeFunctionData(call) }, 'latest'])) as Hex
  const result = { abi, functionName, args, data } as Parameters<typeof decodeFunctionResult>[0]
  return decodeFunctionResult(result) as ContractFunctionReturnType<abi, 'pure' | 'view' | 'nonpayable', name, args>
}
