import { decodeFunctionData, encodeFunctionData, getAddress, isAddressEqual, size, slice, zeroAddress } from 'viem'
import { swapRouter02Abi } from '@/lib/chain/abis'
import { nativeAddress } from '@/lib/core/asset'
import type { Call, DecodedStep, DecodedSwap } from '@/lib/core/bundle'
import type { Address, Hex } from '@/lib/core/units'
import { canonically, toDeadline, UndecodableBundleError } from './canonical'

/** One router call as the bytes have it, recipients still as flags. */
type RouterCall =
  | {
      readonly kind: 'swap'
      readonly hops: readonly [SwapHop, ...SwapHop[]]
      readonly amountIn: bigint
      readonly minimumOut: bigint
      readonly recipient: Address
    }
  | { readonly kind: 'unwrap'; readonly minimumOut: bigint; readonly recipient: Address }
  | { readonly kind: 'refund' }

type SwapHop = DecodedSwap['route'][number]
type SwapCall = Extract<RouterCall, { kind: 'swap' }>

/** The router's names for the one who called it and for itself. */
const callerFlag: Address = '0x0000000000000000000000000000000000000001'
const routerFlag: Address = '0x0000000000000000000000000000000000000002'

const addressBytes = 20
const feeBytes = 3

/**
 * Reads a `multicall(deadline, bytes[])` of SwapRouter02. Calls that hand a token on through the router are joined into one path.
 * @throws {UndecodableBundleError} when it is anything else than swaps, at most one unwrap and at most one refund, in this order.
 */
export function decodeSwapRouter02(
  { data, value }: Pick<Call, 'data' | 'value'>,
  {
    account,
    router,
    wrappedNative,
  }: { readonly account: Address; readonly router: Address; readonly wrappedNative: Address },
): { readonly steps: readonly DecodedStep[]; readonly deadline: number } {
  const { deadline, calls } = decodeMulticall(data)
  const { swapCalls, unwrap, refundsNative } = sortCalls(calls)
  const who = (recipient: Address): Address => {
    if (isAddressEqual(recipient, callerFlag)) return account
    return isAddressEqual(recipient, routerFlag) ? router : getAddress(recipient)
  }
  const swaps = joinSwaps(swapCalls, { who, value, wrappedNative })
  const steps = [
    ...swaps.map((swap): DecodedStep => ({ kind: 'swap', ...swap })),
    ...(unwrap === undefined ? [] : [toPayOut(unwrap)]),
    ...(refundsNative ? [{ kind: 'refund' } as const] : []),
  ]
  return { steps, deadline }
}

function toPayOut({ minimumOut, recipient }: Extract<RouterCall, { kind: 'unwrap' }>): DecodedStep {
  return { kind: 'payOut', token: nativeAddress, minimumOut, recipient: getAddress(recipient), fromWrapped: true }
}

function decodeRouterFunction(data: Hex) {
  return canonically(data, () => {
    const decoded = decodeFunctionData({ abi: swapRouter02Abi, data })
    return { ...decoded, again: encodeFunctionData({ abi: swapRouter02Abi, ...decoded }) }
  })
}

function decodeMulticall(data: Hex): { deadline: number; calls: readonly RouterCall[] } {
  const decoded = decodeRouterFunction(data)
  if (decoded.functionName !== 'multicall') throw new UndecodableBundleError('the swap is not one multicall.')
  const [deadline, parts] = decoded.args
  return { deadline: toDeadline(deadline), calls: parts.map(decodeRouterCall) }
}

function decodeRouterCall(data: Hex): RouterCall {
  const decoded = decodeRouterFunction(data)
  switch (decoded.functionName) {
    case 'exactInputSingle': {
      const [params] = decoded.args
      if (params.sqrtPriceLimitX96 !== 0n) throw new UndecodableBundleError('a swap could stop half-way.')
      const { tokenIn, tokenOut, fee, recipient, amountIn, amountOutMinimum } = params
      const hops = toHops([tokenIn, tokenOut], [toVenue(fee)])
      return { kind: 'swap', hops, amountIn, minimumOut: amountOutMinimum, recipient }
    }
    case 'exactInput': {
      const [{ path, recipient, amountIn, amountOutMinimum }] = decoded.args
      const { tokens, fees } = decodePath(path)
      return {
        kind: 'swap',
        hops: toHops(tokens, fees.map(toVenue)),
        amountIn,
        minimumOut: amountOutMinimum,
        recipient,
      }
    }
    case 'swapExactTokensForTokens': {
      const [amountIn, minimumOut, path, recipient] = decoded.args
      const venues = path.slice(1).map(() => ({ version: 'v2' }) as const)
      return { kind: 'swap', hops: toHops(path, venues), amountIn, minimumOut, recipient }
    }
    case 'unwrapWETH9': {
      const [minimumOut, recipient] = decoded.args
      return { kind: 'unwrap', minimumOut, recipient }
    }
    case 'refundETH':
      return { kind: 'refund' }
    case 'multicall':
      throw new UndecodableBundleError('a multicall stands inside the multicall.')
  }
}

function toVenue(feePips: number): SwapHop['venue'] {
  return { version: 'v3', feePips }
}

/** Uniswap's packed path: token, fee, token, fee, ... token. */
function decodePath(path: Hex): { tokens: readonly Address[]; fees: readonly number[] } {
  const hopBytes = addressBytes + feeBytes
  const hopCount = (size(path) - addressBytes) / hopBytes
  if (!Number.isInteger(hopCount) || hopCount < 1) throw new UndecodableBundleError('a path has a wrong length.')
  const starts = Array.from({ length: hopCount + 1 }, (_, index) => index * hopBytes)
  return {
    tokens: starts.map((start) => slice(path, start, start + addressBytes)),
    fees: starts.slice(1).map((start) => Number(slice(path, start - feeBytes, start))),
  }
}

function toHops(tokens: readonly Address[], venues: readonly SwapHop['venue'][]): SwapCall['hops'] {
  const [first, ...others] = venues.map((venue, index): SwapHop => {
    const [tokenIn, tokenOut] = [tokens[index], tokens[index + 1]]
    if (tokenIn === undefined || tokenOut === undefined) throw new UndecodableBundleError('a path ends too early.')
    return { tokenIn: getAddress(tokenIn), tokenOut: getAddress(tokenOut), venue }
  })
  if (first === undefined) throw new UndecodableBundleError('a path is empty.')
  return [first, ...others]
}

/** Swaps come first, then at most one unwrap, then at most one refund. */
function sortCalls(calls: readonly RouterCall[]): {
  readonly swapCalls: readonly SwapCall[]
  readonly unwrap: Extract<RouterCall, { kind: 'unwrap' }> | undefined
  readonly refundsNative: boolean
} {
  const swapCalls = calls.filter((call) => call.kind === 'swap')
  const rest = calls.slice(swapCalls.length)
  const unwrap = rest.find((call) => call.kind === 'unwrap')
  const refundsNative = rest.at(-1)?.kind === 'refund'
  const expected = [...swapCalls, ...(unwrap === undefined ? [] : [unwrap]), ...(refundsNative ? rest.slice(-1) : [])]
  if (expected.length !== calls.length || expected.some((call, index) => call !== calls[index])) {
    throw new UndecodableBundleError('the router calls stand in an order that Ballast does not use.')
  }
  if (swapCalls.length === 0) throw new UndecodableBundleError('it swaps nothing.')
  if (unwrap !== undefined && isAddressEqual(unwrap.recipient, zeroAddress)) {
    throw new UndecodableBundleError('native coin would be burnt.')
  }
  return { swapCalls, unwrap, refundsNative }
}

type Pending = { readonly calls: readonly [SwapCall, ...SwapCall[]]; readonly amountIn: bigint }

/** Joins router calls that hand a token on through the router (recipient: the router, then amount 0) into one swap each. */
function joinSwaps(
  calls: readonly SwapCall[],
  {
    who,
    value,
    wrappedNative,
  }: {
    readonly who: (recipient: Address) => Address
    readonly value: bigint
    readonly wrappedNative: Address
  },
): readonly DecodedSwap[] {
  const swaps: DecodedSwap[] = []
  const leftInRouter = new Set<Address>()
  let nativeLeft = value
  let pending: Pending | undefined

  const close = ({ calls: chain, amountIn }: Pending): void => {
    const route = chain.flatMap(({ hops }) => hops)
    const { tokenIn } = chain[0].hops[0]
    const last = chain.at(-1) ?? chain[0]
    const tokenOut = lastToken(last)
    const isNative = isAddressEqual(tokenIn, wrappedNative) && nativeLeft >= amountIn
    if (isNative) nativeLeft -= amountIn
    if (isAddressEqual(last.recipient, routerFlag)) leftInRouter.add(tokenOut)
    const recipient = who(last.recipient)
    const { minimumOut } = last
    swaps.push({
      tokenIn,
      tokenOut,
      route,
      amountIn,
      minimumOut,
      recipient,
      paidFrom: isNative ? 'native' : 'token',
    })
  }

  for (const call of calls) {
    const { tokenIn } = call.hops[0]
    if (call.amountIn !== 0n) {
      if (pending !== undefined) close(pending)
      pending = { calls: [call], amountIn: call.amountIn }
      continue
    }
    const previous = pending?.calls.at(-1)
    if (pending === undefined || previous === undefined || !isAddressEqual(previous.recipient, routerFlag)) {
      throw new UndecodableBundleError('a swap spends what no swap before it left in the router.')
    }
    if (lastToken(previous) !== tokenIn || leftInRouter.has(tokenIn)) {
      throw new UndecodableBundleError('a swap would spend what another one left in the router.')
    }
    if (previous.minimumOut !== 0n) throw new UndecodableBundleError('a swap has a minimum half-way.')
    pending = { ...pending, calls: [...pending.calls, call] }
  }
  if (pending !== undefined) close(pending)
  return swaps
}

function lastToken({ hops }: SwapCall): Address {
  return (hops.at(-1) ?? hops[0]).tokenOut
}
