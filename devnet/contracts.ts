import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  stringToHex,
  zeroAddress,
} from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Asset, Feed } from '@/lib/core/asset'
import { arbitrageurAccount, makerAccount, userAccounts, whaleAccount } from './accounts'
import { aggregatorOf, delegatorAddress, devnetContracts } from './addresses'
import { portfolio } from './portfolio'
import { amountWorth, startPrice } from './prices'

/** Bytecode by contract name, as devnet/install.mjs wrote it. */
export type ContractCode = Readonly<Record<string, Hex>>

/** A contract whose constructor is run in place at a given address. */
export type Construction = { readonly address: Address; readonly initCode: Hex; readonly creates: boolean }

/** The file of bytecode lacks a contract. */
export class MissingCodeError extends Error {
  override readonly name = 'MissingCodeError'
  constructor(readonly contract: string) {
    super(`There is no bytecode for ${contract}: add it to devnet/packages.mjs.`)
  }
}

/** Reads the file that devnet/install.mjs wrote, and takes Multicall3 from viem, which ships it without exporting it. */
export async function readContractCode(path: string): Promise<ContractCode> {
  const fetched = JSON.parse(await readFile(path, 'utf8')) as ContractCode
  const require = createRequire(import.meta.url)
  const { multicall3Bytecode } = require(join(dirname(require.resolve('viem')), 'constants', 'contracts.js')) as {
    multicall3Bytecode?: Hex
  }
  if (multicall3Bytecode === undefined) throw new MissingCodeError('Multicall3')
  return { ...fetched, Multicall3: multicall3Bytecode }
}

export function codeOf(code: ContractCode, contract: string): Hex {
  const found = code[contract]
  if (found === undefined) throw new MissingCodeError(contract)
  return found
}

/** Dollars of each token that the maker, the whale and the arbitrageur hold. */
const makerUsd = 2e9
const traderUsd = 1e9

function tokenArguments(asset: Asset): Hex {
  const worth = (usd: number) => amountWorth(usd, startPrice(asset.id), asset.decimals)
  const userAmount = portfolio[asset.id] ?? 0n
  const holders: [Address, bigint][] = [
    [makerAccount.address, worth(makerUsd)],
    [whaleAccount.address, worth(traderUsd)],
    [arbitrageurAccount.address, worth(traderUsd)],
    ...(userAmount === 0n ? [] : userAccounts.map(({ address }): [Address, bigint] => [address, userAmount])),
  ]
  return encodeAbiParameters(parseAbiParameters('string, string, uint8, address, address[], uint256[]'), [
    asset.poolToken.name,
    asset.poolToken.symbol,
    asset.decimals,
    makerAccount.address,
    holders.map(([holder]) => holder),
    holders.map(([, amount]) => amount),
  ])
}

function feedDescription(asset: Asset): string {
  return `${asset.id === 'WBTC' ? 'BTC' : asset.id} / USD`
}

/** Assets with their feeds, in the order of the deployment. */
export const pricedAssets: readonly { readonly asset: Asset; readonly feed: Feed }[] = localDeployment.assets.flatMap(
  (asset) => (asset.feed === undefined ? [] : [{ asset, feed: asset.feed }]),
)

/** Gas that a v4 position's subscriber may use when it is told that it was left: as on Ethereum. */
const unsubscribeGasLimit = 300_000n

/** Every contract that has a constructor to run, in any order: none calls another while it is made. */
export function constructions(code: ContractCode): readonly Construction[] {
  const { contracts } = localDeployment
  const make = (contract: string, address: Address, args: Hex = '0x', creates = false): Construction => ({
    address,
    initCode: `${codeOf(code, contract)}${args.slice(2)}` as Hex,
    creates,
  })
  const addresses = (...values: Address[]): Hex =>
    encodeAbiParameters(
      values.map(() => ({ type: 'address' })),
      values,
    )
  const { wrappedNative, permit2, uniswapV2Factory, uniswapV3Factory, v4PoolManager } = contracts
  const { positionManager, v4PositionManager } = devnetContracts
  return [
    make('WETH9', wrappedNative),
    make('Multicall3', contracts.multicall3),
    make('UniswapV2Factory', uniswapV2Factory, addresses(makerAccount.address), true),
    make('UniswapV2Router02', devnetContracts.uniswapV2Router02, addresses(uniswapV2Factory, wrappedNative)),
    make('UniswapV3Factory', uniswapV3Factory, '0x', true),
    make('NonfungiblePositionManager', positionManager, addresses(uniswapV3Factory, wrappedNative, zeroAddress)),
    make('SwapRouter', devnetContracts.swapRouter, addresses(uniswapV3Factory, wrappedNative)),
    make('TickLens', devnetContracts.tickLens),
    make(
      'SwapRouter02',
      contracts.swapRouter02,
      addresses(uniswapV2Factory, uniswapV3Factory, positionManager, wrappedNative),
    ),
    make('QuoterV2', contracts.quoterV2, addresses(uniswapV3Factory, wrappedNative)),
    make('PoolManager', v4PoolManager, addresses(makerAccount.address)),
    make(
      'PositionManager',
      v4PositionManager,
      encodeAbiParameters(parseAbiParameters('address, address, uint256, address, address'), [
        v4PoolManager,
        permit2,
        unsubscribeGasLimit,
        zeroAddress,
        wrappedNative,
      ]),
    ),
    make('StateView', contracts.v4StateView, addresses(v4PoolManager)),
    make('V4Quoter', contracts.v4Quoter, addresses(v4PoolManager)),
    make(
      'UniversalRouter',
      contracts.universalRouter,
      encodeAbiParameters(
        parseAbiParameters('address, address, address, address, bytes32, bytes32, address, address, address'),
        [
          permit2,
          wrappedNative,
          uniswapV2Factory,
          uniswapV3Factory,
          localDeployment.uniswapV2PairInitCodeHash,
          localDeployment.uniswapV3PoolInitCodeHash,
          v4PoolManager,
          positionManager,
          v4PositionManager,
        ],
      ),
    ),
    make('DelegationManager', devnetContracts.delegationManager, addresses(makerAccount.address)),
    make(
      'EIP7702StatelessDeleGator',
      delegatorAddress,
      addresses(devnetContracts.delegationManager, devnetContracts.entryPoint),
    ),
    ...localDeployment.assets
      .filter(({ poolToken }) => poolToken.address !== wrappedNative)
      .map((asset) =>
        make(asset.poolToken.resetsAllowance ? 'TetherToken' : 'Token', asset.poolToken.address, tokenArguments(asset)),
      ),
    ...pricedAssets.flatMap(({ asset, feed }) => [
      make(
        'FluxAggregator',
        aggregatorOf(feed.address),
        encodeAbiParameters(parseAbiParameters('address, uint128, uint32, address, int256, int256, uint8, string'), [
          zeroAddress,
          0n,
          0,
          zeroAddress,
          1n,
          10n ** 18n,
          feed.decimals,
          feedDescription(asset),
        ]),
      ),
      make('EACAggregatorProxy', feed.address, addresses(aggregatorOf(feed.address), zeroAddress)),
    ]),
  ]
}

const permit2DomainType = keccak256(stringToHex('EIP712Domain(string name,uint256 chainId,address verifyingContract)'))
/** `block.chainid == CACHED_CHAIN_ID ? CACHED_DOMAIN_SEPARATOR : …` with both immutables, as the compiler wrote it. */
const permit2Immutables = /(467f)[0-9a-f]{64}(03611b69577f)[0-9a-f]{64}/

/** A published code no longer holds the values that are to be replaced in it. */
export class UnknownPermit2CodeError extends Error {
  override readonly name = 'UnknownPermit2CodeError'
  constructor() {
    super(
      'The code of Permit2 does not hold the immutables that it should: correct permit2Code in devnet/contracts.ts.',
    )
  }
}

/** Permit2 as it would be had it been deployed at its address on this chain: its two immutables are put right. */
export function permit2Code(code: ContractCode, chainId: number): Hex {
  const { permit2 } = localDeployment.contracts
  const published = codeOf(code, 'Permit2')
  const separator = keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, bytes32, uint256, address'), [
      permit2DomainType,
      keccak256(stringToHex('Permit2')),
      BigInt(chainId),
      permit2,
    ]),
  )
  if (!permit2Immutables.test(published)) throw new UnknownPermit2CodeError()
  const chainIdWord = chainId.toString(16).padStart(64, '0')
  return published.replace(permit2Immutables, `$1${chainIdWord}$2${separator.slice(2)}`) as Hex
}
