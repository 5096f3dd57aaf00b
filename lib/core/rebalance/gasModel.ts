import { nativeAddress } from '../asset'
import type { Rung } from '../execution/execution'
import type { Pool } from '../snapshot'
import { type Address, mulDivUp, toUsd, type Usd } from '../units'
import type { Leg, RouterName } from './plan'

/**
 * Units of gas, fitted to bundles measured on the deployed contracts. SwapRouter02, four approvals and four v3 hops: 545,533 as five
 * transactions, 394,185 to 400,561 as one EIP-7702 batch; this model says 543,000 and 408,000. Universal Router against SwapRouter02 in
 * one batch: 11,000 more for one sold token in one leg, 5,000 less for each further leg of it.
 */
export const gasUnits = {
  /** Every transaction, whatever it does. */
  transaction: 21_000n,
  /** The router's multicall or execute, and its calldata. */
  routerCall: 8_000n,
  /** One path of SwapRouter02: its calldata, and pulling or wrapping what it sells. */
  leg: 12_000n,
  /** One leg of the Universal Router that pulls what it sells. */
  pullingLeg: 9_000n,
  /** One leg of the Universal Router that spends what stands in it. */
  spendingLeg: 6_500n,
  /** One hop through a v2 pair. */
  constantProductHop: 62_000n,
  /** One hop through a v3 pool. */
  concentratedHop: 70_000n,
  /** One hop through a v4 pool between two ERC-20s; less where it sells, and where it pays, the native coin. */
  singletonHop: 82_000n,
  nativeIntoSingleton: 75_000n,
  nativeOutOfSingleton: 67_000n,
  /** An initialised tick that a swap crosses. */
  crossedTick: 20_000n,
  /** SwapRouter02 unwraps bought ether at the end, and pays it out. */
  unwrap: 16_000n,
  /** Handing back what is left of the call's value. */
  refund: 8_000n,
  /** The account's delegated code taking a batch apart. */
  batch: 15_000n,
  /** An exact approval inside a batch: spent in the same transaction, most of it is refunded. */
  approvalInBatch: 9_000n,
  /** An exact approval as a transaction of its own, without `transaction`. */
  approvalAlone: 25_500n,
  /** Permit2's grant to the Universal Router where it keeps none of this token yet: its time stays written. */
  firstGrant: 31_000n,
  /** Any later grant of the same token. */
  laterGrant: 14_000n,
  /** The Universal Router pulls what several legs sell. */
  pull: 12_000n,
  /** The Universal Router turns native into wrapped coin. */
  wrap: 20_000n,
  /** The Universal Router turns wrapped into native coin, in between or to pay it out. */
  unwrapInRouter: 14_000n,
  /** The Universal Router pays out what legs left in it. */
  sweep: 9_500n,
} as const

/** A hop as far as its gas depends on it. */
export type GasHop = {
  readonly kind: Pool['kind']
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly ticksCrossed: number
}

/** Gas of one hop through a pool. */
export function hopGas({ kind, tokenIn, tokenOut, ticksCrossed }: GasHop): bigint {
  if (kind === 'constantProduct') return gasUnits.constantProductHop
  const ticks = gasUnits.crossedTick * BigInt(ticksCrossed)
  if (kind === 'concentrated') return gasUnits.concentratedHop + ticks
  if (tokenIn === nativeAddress) return gasUnits.nativeIntoSingleton + ticks
  return (tokenOut === nativeAddress ? gasUnits.nativeOutOfSingleton : gasUnits.singletonHop) + ticks
}

/** Gas of one leg of the Universal Router, which is one pool. */
export function flowLegGas(hop: GasHop, paidFrom: Leg['paidFrom']): bigint {
  return hopGas(hop) + (paidFrom === 'token' ? gasUnits.pullingLeg : gasUnits.spendingLeg)
}

/** The least gas that a call of a pool costs on any router: what the optimiser counts for it, so that its bound holds for all. */
export function leastPoolGas({ kind, token0, token1 }: Pick<Pool, 'kind' | 'token0' | 'token1'>): bigint {
  const least = (a: bigint, b: bigint) => (a < b ? a : b)
  const forth = hopGas({ kind, tokenIn: token0, tokenOut: token1, ticksCrossed: 0 })
  const back = hopGas({ kind, tokenIn: token1, tokenOut: token0, ticksCrossed: 0 })
  // A path of SwapRouter02 may hold several pools and pays for itself once; v4 pools are legs of their own.
  return least(forth, back) + (kind === 'singleton' ? gasUnits.spendingLeg : 0n)
}

/** Gas of one approval (or reset) on a rung of the ladder. */
export function approvalGas(rung: Rung): bigint {
  return rung === 'atomicBatch' ? gasUnits.approvalInBatch : gasUnits.transaction + gasUnits.approvalAlone
}

/** What every bundle on a rung costs before its first approval and leg, on either router. */
export function baseGas(rung: Rung): bigint {
  const router = gasUnits.transaction + gasUnits.routerCall
  return rung === 'atomicBatch' ? router + gasUnits.batch : router
}

/** Calls before the router's: approvals and resets at the tokens, grants at Permit2. */
export type Approvals = { readonly erc20: number; readonly firstGrants: number; readonly laterGrants: number }

/** How many calls of a batch they are. */
export function countCalls({ erc20, firstGrants, laterGrants }: Approvals): number {
  return erc20 + firstGrants + laterGrants
}

/** Gas of all calls before the router's. */
export function approvalsGas(rung: Rung, { erc20, firstGrants, laterGrants }: Approvals): bigint {
  const grants = BigInt(firstGrants) * gasUnits.firstGrant + BigInt(laterGrants) * gasUnits.laterGrant
  return BigInt(erc20) * approvalGas(rung) + grants
}

/** What a bundle does beside its base. */
export type BundleWork = {
  readonly rung: Rung
  readonly approvals: Approvals
  readonly legs: readonly { readonly gas: bigint }[]
} & (
  | { readonly router: Extract<RouterName, 'swapRouter02'>; readonly unwraps: boolean; readonly paysNative: boolean }
  | {
      readonly router: Extract<RouterName, 'universalRouter'>
      /** Sold tokens that are pulled into the router for several legs. */
      readonly pulls: number
      readonly wraps: number
      readonly unwraps: number
      /** Tokens that are paid out at the end. */
      readonly sweeps: number
    }
)

/** Gas of a whole bundle. */
export function bundleGas(work: BundleWork): bigint {
  const legs = work.legs.reduce((sum, { gas }) => sum + gas, 0n)
  return baseGas(work.rung) + approvalsGas(work.rung, work.approvals) + legs + endsGas(work)
}

function endsGas(work: BundleWork): bigint {
  switch (work.router) {
    case 'swapRouter02':
      return (work.unwraps ? gasUnits.unwrap : 0n) + (work.paysNative ? gasUnits.refund : 0n)
    case 'universalRouter':
      return (
        BigInt(work.pulls) * gasUnits.pull +
        BigInt(work.wraps) * gasUnits.wrap +
        BigInt(work.unwraps) * gasUnits.unwrapInRouter +
        BigInt(work.sweeps) * gasUnits.sweep
      )
  }
}

const weiPerEther = 10n ** 18n

/** What gas costs in dollars at a fee (wei per unit) and a price of the native coin, rounded up. */
export function gasToUsd(units: bigint, feePerGas: bigint, nativePrice: Usd): Usd {
  // {usd} = {gas} * {wei/gas} * {usd/ether} / {wei/ether}
  return toUsd(mulDivUp(units * feePerGas, nativePrice, weiPerEther))
}
