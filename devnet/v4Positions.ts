import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  maxUint128,
  maxUint256,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import { poolKeyStruct, v4PositionManagerAbi } from './abis'
import { devnetContracts } from './addresses'
import type { PoolKey } from './pools'
import type { DevnetTransaction } from './transactions'

/** A position to be minted in a v4 pool. */
export type V4Mint = {
  readonly key: PoolKey
  readonly tickLower: number
  readonly tickUpper: number
  readonly liquidity: bigint
}

const action = { mintPosition: '0x02', closeCurrency: '0x12', sweep: '0x14' } as const
const mintGas = 30_000_000n

const mintParameters = parseAbiParameters([
  'PoolKey key, int24 tickLower, int24 tickUpper, uint256 liquidity, uint128 max0, uint128 max1, address owner, bytes hookData',
  poolKeyStruct,
])

/** One instruction to the PositionManager. */
type Action = { readonly code: Hex; readonly parameters: Hex }

function mint({ key, tickLower, tickUpper, liquidity }: V4Mint, owner: Address): Action {
  const values = [key, tickLower, tickUpper, liquidity, maxUint128, maxUint128, owner, '0x'] as const
  return { code: action.mintPosition, parameters: encodeAbiParameters(mintParameters, values) }
}

function close(currency: Address): Action {
  const parameters = encodeAbiParameters(parseAbiParameters('address'), [currency])
  return { code: action.closeCurrency, parameters }
}

function sweepEther(owner: Address): Action {
  const parameters = encodeAbiParameters(parseAbiParameters('address, address'), [zeroAddress, owner])
  return { code: action.sweep, parameters }
}

/**
 * One transaction that opens v4 pools and mints positions in any of them. Their owner pays: tokens through Permit2, ether with
 * the call; what is sent beyond the ether needed comes back.
 */
export function encodeV4Mints(
  mints: readonly V4Mint[],
  {
    owner,
    value,
    opened = [],
  }: {
    readonly owner: Address
    readonly value: bigint
    readonly opened?: readonly { readonly key: PoolKey; readonly sqrtPriceX96: bigint }[]
  },
): DevnetTransaction {
  const currencies = new Set(mints.flatMap(({ key }) => [key.currency0, key.currency1]))
  const actions = [...mints.map((of) => mint(of, owner)), ...[...currencies].map(close), sweepEther(owner)]
  const unlockData = encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [
    concatHex(actions.map(({ code }) => code)),
    actions.map(({ parameters }) => parameters),
  ])
  const abi = v4PositionManagerAbi
  const calls = [
    ...opened.map(({ key, sqrtPriceX96 }) =>
      encodeFunctionData({ abi, functionName: 'initializePool', args: [key, sqrtPriceX96] }),
    ),
    encodeFunctionData({ abi, functionName: 'modifyLiquidities', args: [unlockData, maxUint256] }),
  ]
  return {
    to: devnetContracts.v4PositionManager,
    data: encodeFunctionData({ abi, functionName: 'multicall', args: [calls] }),
    value,
    gas: mintGas,
  }
}
