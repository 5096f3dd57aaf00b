import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { poolKeyStruct, universalRouterAbi } from '../abis'
import type { PoolKey } from '../pools'
import type { DevnetTransaction } from '../transactions'

/** A swap of an exact amount in a v4 pool. */
export type V4Swap = { readonly key: PoolKey; readonly zeroForOne: boolean; readonly amountIn: bigint }

const v4SwapCommand = '0x10'
const action = { swapExactInSingle: '0x06', settle: '0x0b', take: '0x0e' } as const
/** As an amount: all that is owed. */
const openDelta = 0n
const swapGas = 30_000_000n

const swapParameters = parseAbiParameters([
  'Swap swap',
  'struct Swap { PoolKey poolKey; bool zeroForOne; uint128 amountIn; uint128 amountOutMinimum; bytes hookData; }',
  poolKeyStruct,
])
const settleParameters = parseAbiParameters('address currency, uint256 amount, bool payerIsUser')
const takeParameters = parseAbiParameters('address currency, address recipient, uint256 amount')

function parametersOf({ key, zeroForOne, amountIn }: V4Swap, recipient: Address): readonly Hex[] {
  const [sold, bought] = zeroForOne ? [key.currency0, key.currency1] : [key.currency1, key.currency0]
  const swap = { poolKey: key, zeroForOne, amountIn, amountOutMinimum: 0n, hookData: '0x' } as const
  return [
    encodeAbiParameters(swapParameters, [swap]),
    encodeAbiParameters(settleParameters, [sold, amountIn, true]),
    encodeAbiParameters(takeParameters, [bought, recipient, openDelta]),
  ]
}

/**
 * One call of the Universal Router that swaps, pays and takes in each pool, one after the other. Tokens come through
 * Permit2 from the sender, ether with the call. There is no minimum: the sender trades at any price.
 */
export function encodeV4Swaps(swaps: readonly V4Swap[], recipient: Address): DevnetTransaction {
  const actions = concatHex(swaps.flatMap(() => [action.swapExactInSingle, action.settle, action.take]))
  const parameters = swaps.flatMap((swap) => parametersOf(swap, recipient))
  const input = encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [actions, parameters])
  return {
    to: localDeployment.contracts.universalRouter,
    data: encodeFunctionData({ abi: universalRouterAbi, functionName: 'execute', args: [v4SwapCommand, [input]] }),
    value: swaps
      .filter(({ key, zeroForOne }) => zeroForOne && key.currency0 === zeroAddress)
      .reduce((sum, { amountIn }) => sum + amountIn, 0n),
    gas: swapGas,
  }
}
