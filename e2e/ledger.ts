import { type Abi, decodeFunctionResult, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Address } from '@/lib/core/units'
import { erc20Abi } from '../devnet/abis'
import { readFeeds } from '../devnet/control/feeds'
import { sendBatch } from '../devnet/rpc'
import type { Devnet } from '../devnet/startDevnet'

const permit2Abi = parseAbi([
  'function allowance(address owner, address token, address spender) view returns (uint160 amount, uint48 expiration, uint48 nonce)',
])

const { swapRouter02, universalRouter, permit2 } = localDeployment.contracts

/** Contracts in which nothing of ours may stay, and that may take nothing of ours afterwards. */
const contracts = { swapRouter02, universalRouter, permit2 }
const erc20s = localDeployment.assets.flatMap(({ tokens }) => tokens).filter(({ address }) => address !== nativeAddress)

/** All that a rebalance may and may not change, by the symbol of the token. */
export type Ledger = {
  readonly blockNumber: bigint
  readonly nonce: number
  readonly balances: Readonly<Record<string, bigint>>
  /** What the routers and Permit2 may take, by `symbol spender`, and what Permit2 lets the routers pull. */
  readonly allowances: Readonly<Record<string, bigint>>
  /** What the routers and Permit2 hold themselves, by `symbol contract`. */
  readonly routerBalances: Readonly<Record<string, bigint>>
}

type View = {
  readonly to: Address
  readonly abi: Abi
  readonly functionName: string
  readonly args: readonly unknown[]
}

async function readViews(rpcUrl: string, views: readonly View[]): Promise<readonly bigint[]> {
  const answers = await sendBatch(
    rpcUrl,
    views.map(({ to, abi, functionName, args }) => ({
      method: 'eth_call',
      params: [{ to, data: encodeFunctionData({ abi, functionName, args }) }, 'latest'],
    })),
  )
  return answers.map((data, index) => {
    const view = views[index]
    if (view === undefined) throw new RangeError('An answer without a question.')
    const decoded: unknown = decodeFunctionResult({ abi: view.abi, functionName: view.functionName, data: data as Hex })
    return (Array.isArray(decoded) ? decoded[0] : decoded) as bigint
  })
}

const bySymbol = (suffix: string, amounts: readonly bigint[]) =>
  Object.fromEntries(erc20s.map(({ symbol }, index) => [`${symbol}${suffix}`, amounts[index] ?? 0n]))

/** Reads what an account holds and has allowed, and what the routers hold, straight from the chain. */
export async function readLedger({ rpcUrl }: Pick<Devnet, 'rpcUrl'>, account: Address): Promise<Ledger> {
  const of = (functionName: string, args: readonly unknown[]): readonly View[] =>
    erc20s.map(({ address }) => ({ to: address, abi: erc20Abi, functionName, args }))
  const grantsTo = (spender: Address): readonly View[] =>
    erc20s.map(({ address }) => ({
      to: permit2,
      abi: permit2Abi as Abi,
      functionName: 'allowance',
      args: [account, address, spender],
    }))
  const named = Object.entries(contracts)
  const parts: readonly {
    readonly suffix: string
    readonly kind: 'held' | 'allowed'
    readonly views: readonly View[]
  }[] = [
    ...named.map(([name, address]) => ({
      suffix: ` ${name}`,
      kind: 'held' as const,
      views: of('balanceOf', [address]),
    })),
    ...named.map(([name, address]) => ({
      suffix: ` ${name}`,
      kind: 'allowed' as const,
      views: of('allowance', [account, address]),
    })),
    { suffix: ' permit2 swapRouter02', kind: 'allowed', views: grantsTo(swapRouter02) },
    { suffix: ' permit2 universalRouter', kind: 'allowed', views: grantsTo(universalRouter) },
  ]
  const [block, nonce, native, ...nativeHeld] = (await sendBatch(rpcUrl, [
    { method: 'eth_blockNumber', params: [] },
    { method: 'eth_getTransactionCount', params: [account, 'latest'] },
    { method: 'eth_getBalance', params: [account, 'latest'] },
    ...named.map(([, address]) => ({ method: 'eth_getBalance', params: [address, 'latest'] })),
  ])) as readonly Hex[]
  const amounts = await readViews(rpcUrl, [...of('balanceOf', [account]), ...parts.flatMap(({ views }) => views)])
  const part = (index: number) => amounts.slice(index * erc20s.length, (index + 1) * erc20s.length)
  const collect = (wanted: 'held' | 'allowed') =>
    Object.assign(
      {},
      ...parts.map(({ suffix, kind }, index) => (kind === wanted ? bySymbol(suffix, part(index + 1)) : {})),
    )
  return {
    blockNumber: BigInt(block ?? 0),
    nonce: Number(nonce),
    balances: { ETH: BigInt(native ?? 0), ...bySymbol('', part(0)) },
    routerBalances: {
      ...Object.fromEntries(named.map(([name], index) => [`ETH ${name}`, BigInt(nativeHeld[index] ?? 0)])),
      ...collect('held'),
    },
    allowances: collect('allowed'),
  }
}

/** The weight of each asset in percent, by balances and feed answers on the chain. */
export async function readWeights(devnet: Devnet, account: Address): Promise<Readonly<Record<string, number>>> {
  const [{ balances }, { rounds }] = await Promise.all([readLedger(devnet, account), readFeeds(devnet)])
  const values = rounds.map(({ asset, answer }) => {
    const amount = asset.tokens.reduce((sum, { symbol }) => sum + (balances[symbol] ?? 0n), 0n)
    return [asset.id, (Number(amount) / 10 ** asset.decimals) * Number(answer)] as const
  })
  const total = values.reduce((sum, [, value]) => sum + value, 0)
  return Object.fromEntries(values.map(([id, value]) => [id, (value / total) * 100]))
}

/** What an account paid for gas in the blocks after one. */
export async function readGasPaid({ client }: Devnet, account: Address, afterBlock: bigint): Promise<bigint> {
  const head = await client.getBlockNumber()
  let paid = 0n
  for (let number = afterBlock + 1n; number <= head; number += 1n) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true })
    for (const { from, hash } of transactions) {
      if (from.toLowerCase() !== account.toLowerCase()) continue
      const { gasUsed, effectiveGasPrice } = await client.getTransactionReceipt({ hash })
      paid += gasUsed * effectiveGasPrice
    }
  }
  return paid
}

/** What changed of each asset, gas left out: ether and wrapped ether count as one. */
export function measureChanges(before: Ledger, after: Ledger, gasPaid: bigint): Readonly<Record<string, bigint>> {
  const changes = localDeployment.assets.map(({ id, tokens }) => {
    const change = tokens.reduce(
      (sum, { symbol }) => sum + (after.balances[symbol] ?? 0n) - (before.balances[symbol] ?? 0n),
      0n,
    )
    return [id, id === 'ETH' ? change + gasPaid : change] as const
  })
  return Object.fromEntries(changes.filter(([, change]) => change !== 0n))
}
