import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { AssetReading, BalanceReading, Pool, PriceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import { type Address, toUsd } from '@/lib/core/units'
import { addressOf } from './assets'

/** Unix seconds of the tests' block. */
export const blockTimestamp = 1_750_000_000

const account: Address = addressOf('account')
const gwei = 10n ** 9n

/** A fresh price in whole cents. */
export function freshPrice(cents: bigint): PriceReading {
  return freshMicros(cents * 10_000n)
}

/** A fresh price in millionths of a dollar. */
export function freshMicros(micros: bigint): PriceReading {
  return { status: 'fresh', usd: toUsd(micros * 10n ** 12n), updatedAt: blockTimestamp - 60 }
}

export const known = (amount: bigint): BalanceReading => ({ status: 'known', amount })

/**
 * What the account holds of one asset; amounts in base units, in the order of the asset's tokens. Nothing is allowed unless told:
 * `allowance` to SwapRouter02, `permit2Allowance` to Permit2, `universalRouterGrant` by Permit2 to the Universal Router.
 */
export function buildReading(request: {
  readonly asset: Asset
  readonly amounts: readonly bigint[]
  readonly price: PriceReading
  readonly allowance?: bigint
  readonly permit2Allowance?: bigint
  readonly universalRouterGrant?: { readonly amount: bigint; readonly expiration: number }
}): AssetReading {
  const tokens: TokenReading[] = request.asset.tokens.map((token, position) => {
    const isNative = token.address === nativeAddress
    const grant = isNative ? undefined : request.universalRouterGrant
    return {
      token,
      balance: known(request.amounts[position] ?? 0n),
      routerAllowance: known(isNative ? 0n : (request.allowance ?? 0n)),
      permit2Allowance: known(isNative ? 0n : (request.permit2Allowance ?? 0n)),
      universalRouterGrant: { status: 'known', amount: grant?.amount ?? 0n, expiration: grant?.expiration ?? 0 },
    }
  })
  return { asset: request.asset, tokens, price: request.price }
}

/** A snapshot of the tests' account at one block. */
export function buildSnapshot(request: {
  readonly assets: readonly AssetReading[]
  readonly pools: readonly Pool[]
  readonly baseFeePerGas?: bigint
}): Snapshot {
  return {
    chainId: 31337,
    account,
    block: {
      number: 100n,
      hash: `0x${'ab'.repeat(32)}`,
      timestamp: blockTimestamp,
      baseFeePerGas: request.baseFeePerGas ?? gwei,
    },
    assets: request.assets,
    pools: request.pools,
  }
}
