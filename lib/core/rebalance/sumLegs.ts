import { type AssetId, nativeAddress } from '../asset'
import type { Address } from '../units'
import type { Leg, Purchase, Spending } from './plan'

type SoldLeg = Pick<Leg, 'sell' | 'paidFrom' | 'hops' | 'amountIn'>
type BoughtLeg = Pick<Leg, 'buy' | 'paidTo' | 'hops' | 'quotedOut' | 'minimumOut' | 'oracleFloor'>

/** What legs of SwapRouter02 take out of the account, token by token, in the order in which tokens are first sold. */
export function sumSpendings(legs: readonly [SoldLeg, ...SoldLeg[]]): readonly [Spending, ...Spending[]]
export function sumSpendings(legs: readonly SoldLeg[]): readonly Spending[]
export function sumSpendings(legs: readonly SoldLeg[]): readonly Spending[] {
  const spendings = new Map<Address, Spending>()
  for (const { sell, paidFrom, hops, amountIn } of legs) {
    const token = paidFrom === 'native' ? nativeAddress : hops[0].tokenIn
    spendings.set(token, { assetId: sell, token, amount: (spendings.get(token)?.amount ?? 0n) + amountIn })
  }
  return [...spendings.values()]
}

/** What priced legs of SwapRouter02 bring to the account, asset by asset, in the order in which assets are first bought. */
export function sumPurchases(legs: readonly [BoughtLeg, ...BoughtLeg[]]): readonly [Purchase, ...Purchase[]]
export function sumPurchases(legs: readonly BoughtLeg[]): readonly Purchase[]
export function sumPurchases(legs: readonly BoughtLeg[]): readonly Purchase[] {
  const purchases = new Map<AssetId, Purchase>()
  for (const { buy, paidTo, hops, quotedOut, minimumOut, oracleFloor } of legs) {
    const before = purchases.get(buy)
    purchases.set(buy, {
      assetId: buy,
      // What stays in the router is the wrapped coin, which is paid out as native coin.
      token: paidTo === 'router' ? nativeAddress : (hops[hops.length - 1] ?? hops[0]).tokenOut,
      quotedOut: (before?.quotedOut ?? 0n) + quotedOut,
      minimumOut: (before?.minimumOut ?? 0n) + minimumOut,
      oracleFloor: (before?.oracleFloor ?? 0n) + oracleFloor,
    })
  }
  return [...purchases.values()]
}
