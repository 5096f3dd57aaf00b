import { type Client, decodeFunctionResult, encodeFunctionData, hexToBigInt, isAddressEqual, numberToHex } from 'viem'
import { erc20Abi, multicall3Abi } from '@/lib/chain/abis'
import { BatchUnsupportedError, CallRevertedError, InsufficientGasError } from '@/lib/chain/appErrors'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { decodeRevertReason, toAppError } from '@/lib/chain/toAppError'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { BlockRef } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { bundleCalls } from './hashBundle'

/** What a bundle does to one token of the account, to what the router may spend of it, and to what the router holds. */
export type SimulatedToken = {
  /** The native coin under its pseudo-address. */
  readonly token: Address
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint
  readonly allowanceBefore: bigint
  readonly allowanceAfter: bigint
  readonly routerBalanceBefore: bigint
  readonly routerBalanceAfter: bigint
}

/** The account's balance changes by one token: negative when it pays. Gas is not in it. */
export type TokenDelta = { readonly token: Address; readonly amount: bigint }

/** What a node says that the exact bytes of a bundle would do. */
export type BundleSimulation =
  | {
      readonly status: 'succeeded'
      /** Every token that changed, in the order of the list; the native coin without gas. */
      readonly deltas: readonly TokenDelta[]
      /** Every listed token that could be read, changed or not. */
      readonly tokens: readonly SimulatedToken[]
      /** Tokens whose contract did not answer; nothing is known of them. */
      readonly unreadable: readonly Address[]
      /** All calls together, each with what a transaction of its own costs. */
      readonly gasUsed: bigint
      /** Of each call, in order. */
      readonly gasUsedByCall: readonly bigint[]
    }
  | {
      readonly status: 'reverted'
      /** Which call of approvals and swap. */
      readonly callIndex: number
      /** What the contract says, for example `Too little received`. */
      readonly reason: string
      readonly failure: ExecutionFailure
    }
  | { readonly status: 'unavailable'; readonly reason: string }

type SimulatedCall = {
  readonly status: Hex
  readonly returnData: Hex
  readonly gasUsed: Hex
  readonly error?: { readonly code?: number; readonly message?: string; readonly data?: Hex }
}

/** Gas for one round of balance reads: bounded, so that a token that burns all it gets cannot hide the others. */
const readGas = 10_000_000n

/**
 * Runs the exact calls of a bundle from its account at a block by `eth_simulateV1`, with balances, allowances and the router's
 * holdings read before and after. Approvals run one block before the swap, each at its own time, as they would without batches.
 *
 * @throws {AppError} when the node cannot be reached; a node without the method is `unavailable`, not an error.
 */
export async function simulateBundle(
  client: Client,
  {
    bundle,
    snapshot,
    deployment,
  }: {
    readonly bundle: Pick<Bundle, 'account' | 'approvals' | 'swap'>
    readonly snapshot: { readonly block: Pick<BlockRef, 'number' | 'timestamp'> }
    readonly deployment: Deployment
  },
): Promise<BundleSimulation> {
  const { account } = bundle
  const { block } = snapshot
  const read = { ...readCall(account, deployment), gas: numberToHex(readGas) }
  const send = (call: Call) => ({ from: account, to: call.to, data: call.data, value: numberToHex(call.value) })
  const timeAfter = (blocks: number) => numberToHex(block.timestamp + blocks * deployment.blockSeconds)
  const payload = {
    blockStateCalls: [
      { blockOverrides: { time: timeAfter(1) }, calls: [read, ...bundle.approvals.map(send)] },
      { blockOverrides: { time: timeAfter(2) }, calls: [send(bundle.swap), read] },
    ],
    validation: false,
    traceTransfers: false,
    returnFullTransactions: false,
  }
  let results: readonly SimulatedCall[]
  try {
    const request = client.request as (args: { method: string; params: unknown }) => Promise<unknown>
    results = toCalls(await request({ method: 'eth_simulateV1', params: [payload, numberToHex(block.number)] }))
  } catch (error) {
    return afterError(error, bundle.approvals.length)
  }
  const before = results[0]
  const after = results.at(-1)
  const sent = results.slice(1, -1)
  if (before === undefined || after === undefined || sent.length !== bundleCalls(bundle).length) {
    return { status: 'unavailable', reason: 'The node left calls out of its answer.' }
  }
  const callIndex = sent.findIndex(({ status }) => hexToBigInt(status) !== 1n)
  const reverted = sent[callIndex]
  if (reverted !== undefined) return { status: 'reverted', callIndex, ...reasonOf(reverted) }
  const readings = joinReadings(readResult(before), readResult(after), deployment)
  if (readings === undefined) return { status: 'unavailable', reason: 'The node could not read balances.' }
  const gasUsedByCall = sent.map(({ gasUsed }) => hexToBigInt(gasUsed))
  return {
    status: 'succeeded',
    deltas: readings.tokens
      .map(({ token, balanceBefore, balanceAfter }) => ({ token, amount: balanceAfter - balanceBefore }))
      .filter(({ amount }) => amount !== 0n),
    ...readings,
    gasUsed: gasUsedByCall.reduce((total, gas) => total + gas, 0n),
    gasUsedByCall,
  }
}

function reasonOf({ returnData, error }: SimulatedCall): { reason: string; failure: ExecutionFailure } {
  const data = returnData.length > 2 ? returnData : error?.data
  const reason = decodeRevertReason(data ?? '0x')
  return { reason, failure: new CallRevertedError(reason).failure }
}

/** A node that lacks the method says so by code; one that finds the account short of funds refuses as a whole. */
function afterError(error: unknown, swapIndex: number): BundleSimulation {
  const known = toAppError(error)
  if (known instanceof BatchUnsupportedError) {
    return { status: 'unavailable', reason: 'The node does not offer eth_simulateV1.' }
  }
  if (known instanceof InsufficientGasError) {
    return { status: 'reverted', callIndex: swapIndex, reason: 'insufficient funds', failure: known.failure }
  }
  throw known
}

function toCalls(answer: unknown): readonly SimulatedCall[] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((block: { calls?: readonly SimulatedCall[] }) => block.calls ?? [])
}

function listTokens({ assets }: Deployment): readonly Address[] {
  return assets.flatMap(({ tokens }) => tokens.map(({ address }) => address))
}

/** One Multicall3 call: for each listed token balance, allowance for the router and the router's own balance. */
function readCall(account: Address, deployment: Deployment) {
  const { multicall3, swapRouter02 } = deployment.contracts
  const native = (owner: Address) => ({
    target: multicall3,
    callData: encodeFunctionData({ abi: multicall3Abi, functionName: 'getEthBalance', args: [owner] }),
  })
  const balance = (target: Address, owner: Address) => ({
    target,
    callData: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
  })
  const calls = listTokens(deployment).flatMap((token) => {
    if (isAddressEqual(token, nativeAddress)) {
      return [native(account), native('0x0000000000000000000000000000000000000000'), native(swapRouter02)]
    }
    const callData = encodeFunctionData({ abi: erc20Abi, functionName: 'allowance', args: [account, swapRouter02] })
    return [balance(token, account), { target: token, callData }, balance(token, swapRouter02)]
  })
  const data = encodeFunctionData({
    abi: multicall3Abi,
    functionName: 'aggregate3',
    args: [calls.map((call) => ({ ...call, allowFailure: true }))],
  })
  return { from: account, to: multicall3, data }
}

type Words = readonly (bigint | undefined)[]

function readResult({ status, returnData }: SimulatedCall): Words | undefined {
  if (hexToBigInt(status) !== 1n) return undefined
  const results = decodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', data: returnData })
  return results.map((result) =>
    result.success && result.returnData.length === 66 ? hexToBigInt(result.returnData) : undefined,
  )
}

function joinReadings(
  before: Words | undefined,
  after: Words | undefined,
  deployment: Deployment,
): { tokens: readonly SimulatedToken[]; unreadable: readonly Address[] } | undefined {
  if (before === undefined || after === undefined) return undefined
  const tokens: SimulatedToken[] = []
  const unreadable: Address[] = []
  listTokens(deployment).forEach((token, index) => {
    const isNative = isAddressEqual(token, nativeAddress)
    const [balanceBefore, allowanceBefore, routerBalanceBefore] = before.slice(index * 3, index * 3 + 3)
    const [balanceAfter, allowanceAfter, routerBalanceAfter] = after.slice(index * 3, index * 3 + 3)
    if (
      balanceBefore === undefined ||
      allowanceBefore === undefined ||
      routerBalanceBefore === undefined ||
      balanceAfter === undefined ||
      allowanceAfter === undefined ||
      routerBalanceAfter === undefined
    ) {
      unreadable.push(token)
      return
    }
    tokens.push({
      token,
      balanceBefore,
      balanceAfter,
      allowanceBefore: isNative ? 0n : allowanceBefore,
      allowanceAfter: isNative ? 0n : allowanceAfter,
      routerBalanceBefore,
      routerBalanceAfter,
    })
  })
  return { tokens, unreadable }
}
