import type { Asset } from '@/lib/core/asset'
import type { Address, Hex } from '@/lib/core/units'

/** By which rule a chain cannot take a block back: once it lies under so many others, or once the node has it under a tag. */
export type FinalityRule =
  | { readonly kind: 'depth'; readonly blocks: number }
  | { readonly kind: 'tag'; readonly tag: 'safe' | 'finalized' }

/** Contracts that are trusted with money, or with what is read of it: their code is compared with a table. */
export type CheckedContract =
  | 'wrappedNative'
  | 'multicall3'
  | 'permit2'
  | 'uniswapV2Factory'
  | 'uniswapV3Factory'
  | 'swapRouter02'
  | 'universalRouter'
  | 'v4PoolManager'

/** Everything that the product knows of one chain: contracts, assets and feeds, as data. */
export type Deployment = {
  readonly chainId: number
  readonly name: string
  /** Seconds between two blocks, to judge whether a head is old. */
  readonly blockSeconds: number
  /** Nothing is planned on a newest block that is older than this. */
  readonly maxHeadAgeSeconds: number
  readonly finality: FinalityRule
  /** Never sold or wrapped, in base units of the native coin: the floor of the reserve for gas. */
  readonly nativeReserveFloor: bigint
  readonly contracts: {
    readonly wrappedNative: Address
    readonly multicall3: Address
    readonly permit2: Address
    readonly uniswapV2Factory: Address
    readonly uniswapV3Factory: Address
    readonly swapRouter02: Address
    readonly quoterV2: Address
    readonly tickLens: Address
    /** Universal Router 2.0: its swaps take five arguments; 2.1 takes a sixth. */
    readonly universalRouter: Address
    readonly v4PoolManager: Address
    readonly v4StateView: Address
    readonly v4Quoter: Address
  }
  /** keccak256 of the code that stands at these contracts, with the values that their constructors left in it. */
  readonly codeHashes: Readonly<Record<CheckedContract, Hex>>
  /** keccak256 of the pair's creation code, for CREATE2. */
  readonly uniswapV2PairInitCodeHash: Hex
  /** keccak256 of the pool's creation code, for CREATE2. */
  readonly uniswapV3PoolInitCodeHash: Hex
  /** Fee tiers of v3 in hundredths of a basis point, with their tick spacings. */
  readonly uniswapV3FeeTiers: readonly { readonly feePips: number; readonly tickSpacing: number }[]
  /** Fee and tick spacing of the v4 pools without hooks that are looked for; v4 itself allows any pair of both. */
  readonly uniswapV4FeeTiers: readonly { readonly feePips: number; readonly tickSpacing: number }[]
  /** Contracts that an account may be delegated to by EIP-7702 without being refused. */
  readonly trustedDelegates: readonly Address[]
  /** Assets through which others are routed although nobody holds or targets them. */
  readonly hubAssetIds: readonly string[]
  readonly assets: readonly Asset[]
}
