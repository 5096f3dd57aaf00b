import { type Client, decodeFunctionResult, encodeFunctionData, hexToBigInt, isAddressEqual, numberToHex } from 'viem'
import { erc20Abi, multicall3Abi, permit2Abi } from '@/lib/chain/abis'
import { BatchUnsupportedError, CallRevertedError, InsufficientGasError } from '@/lib/chain/appErrors'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { decodeRevertReason, toAppError } from '@/lib/chain/toAppError'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { Allowance } from '@/lib/core/execution/outcome'
import type { BlockRef } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { bundleCalls } from './hashBundle'

/** What a contract may take of a token, before and after. A grant of Permit2 counts 0 once its block is over. */
export type SimulatedAllowance = Pick<Allowance, 'kind' | 'spender'> & {
  readonly before: bigint
  readonly after: bigint
}

/** What a bundle does to one token of the account, to what the routers and Permit2 may take of it, and to what its router holds. */
export type SimulatedToken = {
  /** The native coin under its pseudo-address. */
  readonly token: Address
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint
  /** Of SwapRouter02, of Permit2, and of the Universal Router at Permit2; none of the native coin. */
  readonly allowances: readonly SimulatedAllowance[]
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

/** More than any bundle and the reads around it need: whether a block has room for the bundle is asked separately. */
const simulatedGasLimit = 100_000_000n

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
 * holdings read before and after. For SwapRouter02, approvals run one block before the swap, each at its own time, as they would
 * without batches; for the Universal Router all is one block, since Permit2's grant dies with it.
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
  const { account, swap } = bundle
  const { block } = snapshot
  const read = { ...readCall({ account, router: swap.to, deployment }), gas: numberToHex(readGas) }
  const send = (call: Call) => ({ from: account, to: call.to, data: call.data, value: numberToHex(call.value) })
  const timeAfter = (blocks: number) => block.timestamp + blocks * deployment.blockSeconds
  const toBlock = (timestamp: number, calls: readonly unknown[]) => ({
    blockOverrides: { time: numberToHex(timestamp), gasLimit: numberToHex(simulatedGasLimit) },
    calls,
  })
  const approvals = bundle.approvals.map(send)
  const isOneBlock = isAddressEqual(swap.to, deployment.contracts.universalRouter)
  const timestamp = timeAfter(isOneBlock ? 1 : 2)
  const payload = {
    blockStateCalls: isOneBlock
      ? [toBlock(timestamp, [read, ...approvals, send(swap), read])]
      : [toBlock(timeAfter(1), [read, ...approvals]), toBlock(timestamp, [send(swap), read])],
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
  const readings = joinReadings(readResult(before), readResult(after), { deployment, timestamp })
  if (readings === undefined)
    return { status: 'unavailable', reason: 'The balances before and after could not be read.' }
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

type Target = { readonly target: Address; readonly callData: Hex }

/** For each listed token: the account's balance, the router's, and for ERC-20s three allowances. */
function listReads(
  token: Address,
  {
    account,
    router,
    deployment,
  }: { readonly account: Address; readonly router: Address; readonly deployment: Deployment },
): readonly Target[] {
  const { multicall3, swapRouter02, permit2, universalRouter } = deployment.contracts
  if (isAddressEqual(token, nativeAddress)) {
    return [account, router].map((owner) => ({
      target: multicall3,
      callData: encodeFunctionData({ abi: multicall3Abi, functionName: 'getEthBalance', args: [owner] }),
    }))
  }
  const granted = [account, token, universalRouter] as const
  return [
    ...[account, router].map((owner) => ({
      target: token,
      callData: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
    })),
    ...[swapRouter02, permit2].map((spender) => ({
      target: token,
      callData: encodeFunctionData({ abi: erc20Abi, functionName: 'allowance', args: [account, spender] }),
    })),
    {
      target: permit2,
      callData: encodeFunctionData({ abi: permit2Abi, functionName: 'allowance', args: granted }),
    },
  ]
}

/** All reads in one call of Multicall3. */
function readCall(subject: { readonly account: Address; readonly router: Address; readonly deployment: Deployment }) {
  const { deployment, account } = subject
  const calls = listTokens(deployment).flatMap((token) => listReads(token, subject))
  const data = encodeFunctionData({
    abi: multicall3Abi,
    functionName: 'aggregate3',
    args: [calls.map((call) => ({ ...call, allowFailure: true }))],
  })
  return { from: account, to: deployment.contracts.multicall3, data }
}

/** The words of each answer, none where the contract gave none. */
type Answers = readonly (readonly bigint[])[]

/** Nothing where the call failed, or no Multicall3 answered it. */
function readResult({ status, returnData }: SimulatedCall): Answers | undefined {
  if (hexToBigInt(status) !== 1n || returnData === '0x') return undefined
  const results = decodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', data: returnData })
  return results.map((result) => (result.success ? toWords(result.returnData) : []))
}

/** The words of an answer of one or three of them; a token may answer with megabytes. */
function toWords(data: Hex): readonly bigint[] {
  const words = data.length === 66 ? 1 : data.length === 194 ? 3 : 0
  return Array.from({ length: words }, (_, index) => BigInt(`0x${data.slice(2 + index * 64, 66 + index * 64)}`))
}

type Holdings = { readonly balance: bigint; readonly router: bigint; readonly allowances: readonly bigint[] }

/** What the answers for one token say. A grant must still be alive at `aliveAt`. */
function toHoldings(answers: Answers, isNative: boolean, aliveAt: number): Holdings | undefined {
  const [balance, router, ...allowed] = answers.map((words, index) => {
    const [amount, expiration] = words
    if (index < 4) return words.length === 1 ? amount : undefined
    return amount === undefined || words.length !== 3 ? undefined : (expiration ?? 0n) >= aliveAt ? amount : 0n
  })
  const allowances = allowed.filter((amount) => amount !== undefined)
  const isComplete = allowances.length === (isNative ? 0 : 3)
  return balance === undefined || router === undefined || !isComplete ? undefined : { balance, router, allowances }
}

function joinReadings(
  before: Answers | undefined,
  after: Answers | undefined,
  { deployment, timestamp }: { readonly deployment: Deployment; readonly timestamp: number },
): { tokens: readonly SimulatedToken[]; unreadable: readonly Address[] } | undefined {
  if (before === undefined || after === undefined) return undefined
  const { swapRouter02, permit2, universalRouter } = deployment.contracts
  const spenders = [
    { kind: 'erc20', spender: swapRouter02 },
    { kind: 'erc20', spender: permit2 },
    { kind: 'permit2', spender: universalRouter },
  ] as const
  const tokens: SimulatedToken[] = []
  const unreadable: Address[] = []
  let position = 0
  for (const token of listTokens(deployment)) {
    const isNative = isAddressEqual(token, nativeAddress)
    const next = position + (isNative ? 2 : 5)
    const [was, is] = [
      toHoldings(before.slice(position, next), isNative, timestamp),
      toHoldings(after.slice(position, next), isNative, timestamp + 1),
    ]
    position = next
    if (was === undefined || is === undefined) {
      unreadable.push(token)
      continue
    }
    tokens.push({
      token,
      balanceBefore: was.balance,
      balanceAfter: is.balance,
      allowances: was.allowances.flatMap((amount, index) => {
        const spender = spenders[index]
        return spender === undefined ? [] : [{ ...spender, before: amount, after: is.allowances[index] ?? 0n }]
      }),
      routerBalanceBefore: was.router,
      routerBalanceAfter: is.router,
    })
  }
  return { tokens, unreadable }
}
