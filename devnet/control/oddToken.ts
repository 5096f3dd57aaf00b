import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, parseAbi, parseAbiParameters } from 'viem'
import type { Token } from '@/lib/core/asset'
import { makerAccount } from '../accounts'
import type { RunningChain } from '../calls'
import { codeOf, readContractCode } from '../contracts'
import { ensureDevnet } from '../install.mjs'
import { sendBatch, sendRpc } from '../rpc'
import { sendTransactions } from '../transactions'

const oddTokenAbi = parseAbi([
  'function takeFee(uint256 bps, uint256 amount)',
  'function pause(bool isPaused)',
  'function blockAccount(address account, bool isBlocked)',
  'function answerWith(uint8 answer)',
  'function narrow(bool isNarrow)',
  'function rebase(uint256 bps)',
  'function hook(address target, bytes data)',
])

/** What a transfer answers: nothing; `false`, and moves nothing; `true`, and moves nothing. */
const answers = { nothing: 1, refusal: 2, lie: 3 } as const

/** A bad habit of a real token. */
export type Habit =
  /** The receiver gets less. */
  | { readonly kind: 'fee'; readonly bps: bigint; readonly amount: bigint }
  | { readonly kind: 'paused' }
  | { readonly kind: 'blocks'; readonly account: Address }
  | { readonly kind: 'answers'; readonly with: keyof typeof answers }
  /** Amounts above 2^96 - 1 are refused. */
  | { readonly kind: 'narrow' }
  /** All balances become so many basis points of what they were at first. */
  | { readonly kind: 'rebased'; readonly bps: bigint }
  /** With every transfer something else is called. */
  | { readonly kind: 'calls'; readonly target: Address; readonly data: Hex }

function encodeHabit(habit: Habit): Hex {
  const abi = oddTokenAbi
  switch (habit.kind) {
    case 'fee':
      return encodeFunctionData({ abi, functionName: 'takeFee', args: [habit.bps, habit.amount] })
    case 'paused':
      return encodeFunctionData({ abi, functionName: 'pause', args: [true] })
    case 'blocks':
      return encodeFunctionData({ abi, functionName: 'blockAccount', args: [habit.account, true] })
    case 'answers':
      return encodeFunctionData({ abi, functionName: 'answerWith', args: [answers[habit.with]] })
    case 'narrow':
      return encodeFunctionData({ abi, functionName: 'narrow', args: [true] })
    case 'rebased':
      return encodeFunctionData({ abi, functionName: 'rebase', args: [habit.bps] })
    case 'calls':
      return encodeFunctionData({ abi, functionName: 'hook', args: [habit.target, habit.data] })
  }
}

/** Puts the code of OddToken in the place of a plain token of the local chain: balances and allowances stay. */
export async function makeOddToken({ rpcUrl }: RunningChain, token: Token): Promise<void> {
  const { contractsPath } = await ensureDevnet()
  const creation = codeOf(await readContractCode(contractsPath), 'OddToken')
  const args = encodeAbiParameters(parseAbiParameters('string, string, uint8, address, address[], uint256[]'), [
    token.name,
    token.symbol,
    token.decimals,
    makerAccount.address,
    [],
    [],
  ])
  const data = `${creation}${args.slice(2)}`
  const runtime = await sendRpc(rpcUrl, 'eth_call', [{ from: makerAccount.address, data }, 'latest'])
  await sendBatch(rpcUrl, [{ method: 'anvil_setCode', params: [token.address, runtime] }])
}

/** Teaches a token that {@link makeOddToken} made odd. */
export async function teachToken({ rpcUrl }: RunningChain, token: Token, habit: Habit): Promise<void> {
  const transactions = [{ to: token.address, data: encodeHabit(habit) }]
  await sendTransactions(rpcUrl, { from: makerAccount.address, transactions })
}
