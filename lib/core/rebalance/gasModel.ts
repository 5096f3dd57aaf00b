import type { Rung } from '../execution/execution'
import type { Pool } from '../snapshot'
import { mulDivUp, toUsd, type Usd } from '../units'

/**
 * Units of gas, fitted to bundles measured on the deployed contracts (four approvals and four v3 hops through SwapRouter02):
 * 545,533 as five transactions, 394,185 to 400,561 as one EIP-7702 batch. This model says 543,000 and 408,000.
 */
export const gasUnits = {
  /** Every transaction, whatever it does. */
  transaction: 21_000n,
  /** The router's multicall and its calldata. */
  routerCall: 8_000n,
  /** One path: its calldata, and pulling or wrapping what it sells. */
  leg: 12_000n,
  /** One hop through a v2 pair. */
  constantProductHop: 62_000n,
  /** One hop through a v3 pool. */
  concentratedHop: 70_000n,
  /** An initialised tick that a swap crosses. */
  crossedTick: 20_000n,
  /** Unwrapping bought ether at the end, and paying it out. */
  unwrap: 16_000n,
  /** Handing back what is left of the call's value. */
  refund: 8_000n,
  /** The account's delegated code taking a batch apart. */
  batch: 15_000n,
  /** An exact approval inside a batch: spent in the same transaction, most of it is refunded. */
  approvalInBatch: 9_000n,
  /** An exact approval as a transaction of its own, without `transaction`. */
  approvalAlone: 25_500n,
} as const

/** Gas of one hop through a pool. */
export function hopGas(kind: Pool['kind'], ticksCrossed: number): bigint {
  if (kind === 'constantProduct') return gasUnits.constantProductHop
  return gasUnits.concentratedHop + gasUnits.crossedTick * BigInt(ticksCrossed)
}

/** Gas of one approval (or reset) on a rung of the ladder. */
export function approvalGas(rung: Rung): bigint {
  return rung === 'atomicBatch' ? gasUnits.approvalInBatch : gasUnits.transaction + gasUnits.approvalAlone
}

/** What every bundle on a rung costs before its first approval and leg. */
export function baseGas(rung: Rung): bigint {
  const router = gasUnits.transaction + gasUnits.routerCall
  return rung === 'atomicBatch' ? router + gasUnits.batch : router
}

/** Gas of a whole bundle. */
export function bundleGas(bundle: {
  readonly rung: Rung
  readonly approvalCount: number
  readonly legs: readonly { readonly gas: bigint }[]
  readonly unwraps: boolean
  readonly paysNative: boolean
}): bigint {
  const legs = bundle.legs.reduce((sum, { gas }) => sum + gas, 0n)
  const ends = (bundle.unwraps ? gasUnits.unwrap : 0n) + (bundle.paysNative ? gasUnits.refund : 0n)
  return baseGas(bundle.rung) + BigInt(bundle.approvalCount) * approvalGas(bundle.rung) + legs + ends
}

const weiPerEther = 10n ** 18n

/** What gas costs in dollars at a fee (wei per unit) and a price of the native coin, rounded up. */
export function gasToUsd(units: bigint, feePerGas: bigint, nativePrice: Usd): Usd {
  // {usd} = {gas} * {wei/gas} * {usd/ether} / {wei/ether}
  return toUsd(mulDivUp(units * feePerGas, nativePrice, weiPerEther))
}
