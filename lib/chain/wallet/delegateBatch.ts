import { encodeAbiParameters, encodeFunctionData, parseAbi } from 'viem'
import type { Call } from '@/lib/core/bundle'
import type { Hex } from '@/lib/core/units'

const executeAbi = parseAbi(['function execute(bytes32 mode, bytes executionCalldata) payable'])

/** ERC-7579: a batch of calls (0x01) that reverts as a whole when one of them does (0x00). */
const batchOrNothing: Hex = '0x0100000000000000000000000000000000000000000000000000000000000000'

const executions = [
  {
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'callData', type: 'bytes' },
    ],
  },
] as const

/** What an account that is delegated to an ERC-7579 executor (MetaMask's EIP-7702 delegate is one) sends to itself to run a batch. */
export function encodeDelegateBatch(calls: readonly Call[]): Hex {
  const batch = calls.map(({ to, value, data }) => ({ target: to, value, callData: data }))
  return encodeFunctionData({
    abi: executeAbi,
    functionName: 'execute',
    args: [batchOrNothing, encodeAbiParameters(executions, [batch])],
  })
}
