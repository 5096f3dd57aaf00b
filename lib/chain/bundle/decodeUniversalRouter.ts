import {
  type AbiParameter,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  isAddressEqual,
  size,
  slice,
  zeroAddress,
} from 'viem'
import { universalRouterAbi, universalRouterCommands, v4Actions } from '@/lib/chain/abis'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedStep, DecodedSwap } from '@/lib/core/bundle'
import type { Address, Hex } from '@/lib/core/units'
import { canonically, toDeadline, UndecodableBundleError } from './canonical'

/** The router's names for the one who called it and for itself. */
const callerFlag: Address = '0x0000000000000000000000000000000000000001'
const routerFlag: Address = '0x0000000000000000000000000000000000000002'

/** The router's number for "all that I hold". */
const allHeld = 1n << 255n

/** The router reads no more of a sweep's minimum than these bits. */
const sweepBits = 160n

/** Whom the flags stand for. */
type Parties = { readonly account: Address; readonly router: Address }

/**
 * Reads an `execute(commands, inputs, deadline)` of the Universal Router 2.0, one step for each command.
 *
 * It knows pulls through Permit2 into the router, exact-input swaps of one pool (v2, v3, v4 without hooks), wrapping and unwrapping of
 * all there is, and payments of all there is to the account. It refuses everything else: other commands and v4 actions, the flag that
 * lets a command fail, recipients that are neither the account nor the router, amounts that stand for something else.
 *
 * @throws {UndecodableBundleError} when the bytes are anything else, or not in canonical encoding
 */
export function decodeUniversalRouter(
  data: Hex,
  parties: Parties,
): { readonly steps: readonly DecodedStep[]; readonly deadline: number } {
  const { functionName, args } = canonically(data, () => {
    const decoded = decodeFunctionData({ abi: universalRouterAbi, data })
    return { ...decoded, again: encodeFunctionData({ abi: universalRouterAbi, ...decoded }) }
  })
  if (functionName !== 'execute') throw new UndecodableBundleError('the swap is not one execution.')
  const [commands, inputs, deadline] = args
  const steps = pairUp(commands, inputs).map(([byte, input]) => decodeCommand(byte, input, parties))
  if (!steps.some(({ kind }) => kind === 'swap')) throw new UndecodableBundleError('it swaps nothing.')
  return { steps, deadline: toDeadline(deadline) }
}

/** One byte and one input for each command or action. */
function pairUp(bytes: Hex, inputs: readonly Hex[]): readonly (readonly [number, Hex])[] {
  if (size(bytes) !== inputs.length) throw new UndecodableBundleError('commands and inputs differ in number.')
  return inputs.map((input, index) => [Number(slice(bytes, index, index + 1)), input])
}

function readInputs<const Inputs extends readonly AbiParameter[]>(inputs: Inputs, data: Hex) {
  const { values } = canonically(data, () => {
    const read = decodeAbiParameters(inputs, data)
    return { values: read, again: encodeAbiParameters(inputs as readonly AbiParameter[], read as readonly unknown[]) }
  })
  return values
}

function decodeCommand(byte: number, input: Hex, parties: Parties): DecodedStep {
  switch (byte) {
    case universalRouterCommands.permit2TransferFrom.byte:
      return decodePull(input)
    case universalRouterCommands.v2SwapExactIn.byte:
      return decodeV2Swap(input, parties)
    case universalRouterCommands.v3SwapExactIn.byte:
      return decodeV3Swap(input, parties)
    case universalRouterCommands.v4Swap.byte:
      return decodeV4Swap(input, parties)
    case universalRouterCommands.wrapEth.byte:
      return decodeWrap(input)
    case universalRouterCommands.unwrapWeth.byte:
      return decodeUnwrap(input, parties)
    case universalRouterCommands.sweep.byte:
      return decodeSweep(input, parties)
    default:
      throw new UndecodableBundleError(`it has the command ${byte}.`)
  }
}

function decodePull(input: Hex): DecodedStep {
  const [token, recipient, amount] = readInputs(universalRouterCommands.permit2TransferFrom.inputs, input)
  if (!isAddressEqual(recipient, routerFlag)) throw new UndecodableBundleError('tokens are pulled past the router.')
  return { kind: 'pull', token: toErc20(token), amount }
}

function decodeV2Swap(input: Hex, parties: Parties): DecodedStep {
  const [recipient, amountIn, minimumOut, [tokenIn, tokenOut, ...others], payerIsUser] = readInputs(
    universalRouterCommands.v2SwapExactIn.inputs,
    input,
  )
  if (tokenIn === undefined || tokenOut === undefined || others.length > 0) {
    throw new UndecodableBundleError('a v2 swap is not one of one pair.')
  }
  return toSwap({
    ...{ tokenIn: toErc20(tokenIn), tokenOut: toErc20(tokenOut), venue: { version: 'v2' } },
    ...{ amountIn: toAmount(amountIn), minimumOut, recipient: who(recipient, parties), payerIsUser },
  })
}

const addressBytes = 20
const feeBytes = 3

function decodeV3Swap(input: Hex, parties: Parties): DecodedStep {
  const [recipient, amountIn, minimumOut, path, payerIsUser] = readInputs(
    universalRouterCommands.v3SwapExactIn.inputs,
    input,
  )
  if (size(path) !== addressBytes + feeBytes + addressBytes) {
    throw new UndecodableBundleError('a v3 swap is not one of one pool.')
  }
  const feePips = Number(slice(path, addressBytes, addressBytes + feeBytes))
  return toSwap({
    ...{ tokenIn: toErc20(slice(path, 0, addressBytes)), tokenOut: toErc20(slice(path, addressBytes + feeBytes)) },
    ...{ venue: { version: 'v3', feePips }, amountIn: toAmount(amountIn), minimumOut },
    ...{ recipient: who(recipient, parties), payerIsUser },
  })
}

/** A v4 swap pays, swaps what it paid, and takes all that it bought. */
function decodeV4Swap(input: Hex, parties: Parties): DecodedStep {
  const [actions, params] = readInputs(universalRouterCommands.v4Swap.inputs, input)
  const [first, second, third, ...others] = pairUp(actions, params)
  if (first === undefined || second === undefined || third === undefined || others.length > 0) {
    throw new UndecodableBundleError('a v4 swap does not have three actions.')
  }
  const { settle, swapExactInSingle, take } = v4Actions
  if (first[0] !== settle.byte || second[0] !== swapExactInSingle.byte || third[0] !== take.byte) {
    throw new UndecodableBundleError('a v4 swap does other things than pay, swap and take.')
  }
  const paid = decodeSettle(first[1])
  const swap = decodeSwapAction(second[1])
  const taken = decodeTake(third[1])
  if (!isAddressEqual(paid.currency, swap.currencyIn) || !isAddressEqual(taken.currency, swap.currencyOut)) {
    throw new UndecodableBundleError('a v4 swap pays or takes another coin than it swaps.')
  }
  const amountIn = toAmount(paid.amount)
  if (swap.amountIn !== (amountIn === 'rest' ? 0n : amountIn)) {
    throw new UndecodableBundleError('a v4 swap pays another amount than it swaps.')
  }
  return toSwap({
    ...{ tokenIn: toToken(swap.currencyIn), tokenOut: toToken(swap.currencyOut), venue: swap.venue },
    ...{ amountIn, minimumOut: swap.minimumOut, recipient: who(taken.recipient, parties) },
    payerIsUser: paid.payerIsUser,
  })
}

function decodeSettle(input: Hex) {
  const [currency, amount, payerIsUser] = readInputs(v4Actions.settle.inputs, input)
  if (payerIsUser && isAddressEqual(currency, zeroAddress)) {
    throw new UndecodableBundleError('native coin would be pulled from the account.')
  }
  return { currency, amount, payerIsUser }
}

function decodeSwapAction(input: Hex) {
  const [{ poolKey, zeroForOne, amountIn, amountOutMinimum, hookData }] = readInputs(
    v4Actions.swapExactInSingle.inputs,
    input,
  )
  const { currency0, currency1, fee, tickSpacing, hooks } = poolKey
  if (!isAddressEqual(hooks, zeroAddress) || hookData !== '0x') throw new UndecodableBundleError('a v4 pool has hooks.')
  // The manager would not know a pool whose coins stand the other way round.
  if (BigInt(currency0) >= BigInt(currency1)) throw new UndecodableBundleError('a v4 pool has its coins in no order.')
  const [currencyIn, currencyOut] = zeroForOne ? [currency0, currency1] : [currency1, currency0]
  const venue = { version: 'v4', feePips: fee, tickSpacing } as const
  return { currencyIn, currencyOut, venue, amountIn, minimumOut: amountOutMinimum }
}

function decodeTake(input: Hex) {
  const [currency, recipient, amount] = readInputs(v4Actions.take.inputs, input)
  if (amount !== 0n) throw new UndecodableBundleError('a v4 swap does not take all that it bought.')
  return { currency, recipient }
}

function decodeWrap(input: Hex): DecodedStep {
  const [recipient, amount] = readInputs(universalRouterCommands.wrapEth.inputs, input)
  if (!isAddressEqual(recipient, routerFlag) || amount !== allHeld) {
    throw new UndecodableBundleError('not all native coin is wrapped into the router.')
  }
  return { kind: 'wrap' }
}

function decodeUnwrap(input: Hex, { account }: Parties): DecodedStep {
  const [recipient, minimumOut] = readInputs(universalRouterCommands.unwrapWeth.inputs, input)
  if (isAddressEqual(recipient, callerFlag)) {
    return { kind: 'payOut', token: nativeAddress, minimumOut, recipient: account, fromWrapped: true }
  }
  if (!isAddressEqual(recipient, routerFlag)) throw new UndecodableBundleError('native coin goes to a stranger.')
  if (minimumOut !== 0n) throw new UndecodableBundleError('an unwrap has a minimum half-way.')
  return { kind: 'unwrap' }
}

function decodeSweep(input: Hex, { account }: Parties): DecodedStep {
  const [token, recipient, minimumOut] = readInputs(universalRouterCommands.sweep.inputs, input)
  if (!isAddressEqual(recipient, callerFlag)) throw new UndecodableBundleError('a sweep goes to a stranger.')
  if (minimumOut >> sweepBits !== 0n) throw new UndecodableBundleError('a minimum is larger than the router can read.')
  return { kind: 'payOut', token: toToken(token), minimumOut, recipient: account, fromWrapped: false }
}

function toSwap({
  tokenIn,
  tokenOut,
  venue,
  payerIsUser,
  ...rest
}: Pick<DecodedSwap, 'tokenIn' | 'tokenOut' | 'amountIn' | 'minimumOut' | 'recipient'> & {
  readonly venue: DecodedSwap['route'][number]['venue']
  readonly payerIsUser: boolean
}): DecodedStep {
  if (payerIsUser && rest.amountIn === 'rest') {
    throw new UndecodableBundleError('a swap pulls an amount that is not told.')
  }
  const route = [{ tokenIn, tokenOut, venue }]
  return { kind: 'swap', tokenIn, tokenOut, route, ...rest, paidFrom: payerIsUser ? 'token' : 'router' }
}

function who(recipient: Address, { account, router }: Parties): Address {
  if (isAddressEqual(recipient, callerFlag)) return account
  if (isAddressEqual(recipient, routerFlag)) return router
  throw new UndecodableBundleError('a swap pays a stranger.')
}

/** The router reads an amount of 0 as "already paid", and one bit as "all that I hold". */
function toAmount(amount: bigint): bigint | 'rest' {
  if (amount === 0n) throw new UndecodableBundleError('a swap sells nothing.')
  return amount === allHeld ? 'rest' : amount
}

/** The native coin's pseudo-address is a name of ours: in the bytes it would be a contract that nobody knows. */
function toErc20(token: Address): Address {
  if (isAddressEqual(token, zeroAddress) || isAddressEqual(token, nativeAddress)) {
    throw new UndecodableBundleError('a token is none.')
  }
  return getAddress(token)
}

/** The native coin is the zero address to the router. */
function toToken(currency: Address): Address {
  return isAddressEqual(currency, zeroAddress) ? nativeAddress : toErc20(currency)
}
