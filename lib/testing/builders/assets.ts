import { type Asset, nativeAddress, type Token } from '@/lib/core/asset'
import type { Address, Hex } from '@/lib/core/units'

function toHex(name: string): string {
  return [...name].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('')
}

/** An address that depends on the name alone: the bytes of its characters, at the end. */
export function addressOf(name: string): Address {
  return `0x${toHex(name).slice(-40).padStart(40, '0')}`
}

/** 32 bytes that depend on the name alone, as the id of a v4 pool. */
export function idOf(name: string): Hex {
  return `0x${toHex(name).slice(-64).padStart(64, '0')}`
}

export type TokenTraits = {
  readonly decimals?: number
  readonly isStable?: boolean
  readonly resetsAllowance?: boolean
}

/** An asset of one ERC-20, with a feed. */
export function buildAsset(id: string, traits: TokenTraits = {}): Asset {
  const token: Token = {
    address: addressOf(id),
    symbol: id,
    name: `${id} token`,
    decimals: traits.decimals ?? 18,
    resetsAllowance: traits.resetsAllowance ?? false,
  }
  return {
    id,
    name: token.name,
    decimals: token.decimals,
    isStable: traits.isStable ?? false,
    tokens: [token],
    poolToken: token,
    feed: { address: addressOf(`${id}/USD`), decimals: 8, heartbeatSeconds: 3600 },
  }
}

/** Wrapped ether of the tests' chain. */
export const wethToken: Token = {
  address: addressOf('WETH'),
  symbol: 'WETH',
  name: 'Wrapped Ether',
  decimals: 18,
  resetsAllowance: false,
}

/** Ether and WETH under one target. */
export const etherAsset: Asset = {
  id: 'ETH',
  name: 'Ether',
  decimals: 18,
  isStable: false,
  tokens: [{ address: nativeAddress, symbol: 'ETH', name: 'Ether', decimals: 18, resetsAllowance: false }, wethToken],
  poolToken: wethToken,
  feed: { address: addressOf('ETH/USD'), decimals: 8, heartbeatSeconds: 3600 },
}
