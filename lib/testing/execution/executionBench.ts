import { setTimeout } from 'node:timers/promises'
import { type Address, type Hex, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { erc20Abi } from '@/lib/chain/abis'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { ExecutionInput } from '@/lib/chain/execution/runExecution'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { createDemoWallet } from '@/lib/chain/wallet/demoWallet'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { ExecutionRecord, Rung } from '@/lib/core/execution/execution'
import type { ExecutionEvent } from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import { buildPlan, buildRequoteRequest } from '@/lib/testing/builders/plan'
import { buildRouterPlan } from '@/lib/testing/builders/routerPlan'

/** A plan of the demo account with the bundle that executes it. */
export type Composed = { readonly plan: RebalancePlan; readonly bundle: Bundle }

/** Answers one method of a wallet instead of the wallet; `pass` asks the wallet. */
export type Handler = (params: unknown, pass: () => Promise<unknown>) => unknown

/** What an account holds and what others may take of it, by token. */
export type Standing = {
  readonly balances: Readonly<Record<string, bigint>>
  readonly allowances: Readonly<Record<string, bigint>>
  readonly inRouters: Readonly<Record<string, bigint>>
}

const { swapRouter02, universalRouter, permit2 } = deployment.contracts

/** The address of a listed asset's token. */
export function tokenOf(assetId: string): Address {
  const found = deployment.assets.find(({ id }) => id === assetId)
  if (found === undefined) throw new RangeError(`${assetId} is not listed.`)
  return found.poolToken.address
}

/** A handler that refuses with a code. */
export function refuse(code: number): Handler {
  return () => {
    throw Object.assign(new Error('refused'), { code })
  }
}

/** A local chain for the tests of one file, with a plan, wallets and desks on it. */
export type ExecutionBench = Awaited<ReturnType<typeof startExecutionBench>>

/** Starts a local chain that mines each transaction at once until told otherwise. */
export async function startExecutionBench() {
  const devnet: Devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  const client: ChainClient = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl] })
  const account = devnet.accounts.demo.address
  let clean = await devnet.client.snapshot()
  let desks = 0

  async function compose(): Promise<Composed> {
    const snapshot = await readSnapshot(client, { deployment, account })
    const pool = (a: string, b: string) => {
      const found = snapshot.pools.find(
        (each) => each.kind === 'concentrated' && each.assetIds.includes(a) && each.assetIds.includes(b),
      )
      if (found === undefined) throw new RangeError(`There is no pool of ${a} and ${b}.`)
      return found
    }
    const plan = buildPlan(snapshot, [
      { sell: 'ETH', paidFrom: 'native', amountIn: 10n ** 18n, pools: [pool('ETH', 'USDC')] },
      {
        sell: 'LINK',
        paidFrom: 'token',
        amountIn: 50n * 10n ** 18n,
        pools: [pool('LINK', 'ETH'), pool('ETH', 'WBTC')],
      },
      { sell: 'UNI', paidFrom: 'token', amountIn: 90n * 10n ** 18n, pools: [pool('UNI', 'ETH')] },
    ])
    return { plan, bundle: composeBundle({ plan, snapshot, deployment }) }
  }

  /** A plan through the Universal Router: one token over two pools, three calls. */
  async function composeThroughUniversalRouter(): Promise<Composed> {
    const snapshot = await readSnapshot(client, { deployment, account })
    const pool = (feePips: number, buy: string) => {
      const found = snapshot.pools.find(
        (each) =>
          each.kind === 'concentrated' &&
          each.feePips === feePips &&
          each.assetIds.includes('LINK') &&
          each.assetIds.includes(buy),
      )
      if (found === undefined) throw new RangeError(`There is no pool of LINK and ${buy}.`)
      return found
    }
    const amount = 40n * 10n ** 18n
    const plan = buildRouterPlan(snapshot, {
      sold: [{ token: tokenOf('LINK'), amount: 2n * amount }],
      drafts: [
        { sell: 'LINK', pool: pool(3000, 'ETH'), amountIn: amount, paidFrom: 'token' },
        { sell: 'LINK', pool: pool(3000, 'USDC'), amountIn: amount, paidFrom: 'token' },
      ],
    })
    return { plan, bundle: composeBundle({ plan, snapshot, deployment }) }
  }

  /** The demo wallet, with single methods answered otherwise, and a log of all that it was asked. */
  function openWallet(handlers: Readonly<Record<string, Handler>> = {}) {
    const entries = new Map([['ballast.demoWallet.connected', 'yes']])
    const demo = createDemoWallet({
      rpcUrl: devnet.rpcUrl,
      confirm: async () => true,
      memory: { getItem: (key) => entries.get(key) ?? null, setItem: () => undefined, removeItem: () => undefined },
    })
    const request = demo.request as WalletProvider['request']
    const asked: { readonly method: string; readonly params?: unknown }[] = []
    const provider: WalletProvider = {
      request: async (args) => {
        asked.push(args)
        const handler = handlers[args.method]
        return handler === undefined ? request(args) : handler(args.params, () => request(args))
      },
    }
    const sends = () => asked.filter(({ method }) => method === 'wallet_sendCalls' || method === 'eth_sendTransaction')
    return { provider, asked, sends, request }
  }

  /** All that a screen would hold: the record as the journal has it, events, and the input for a driver. */
  function openDesk(rung: Rung, { plan, bundle }: Composed, provider: WalletProvider) {
    const { approvals } = decodeBundle(bundle, deployment)
    const journal: ExecutionRecord[] = []
    const events: ExecutionEvent[] = []
    desks += 1
    const id = `desk ${desks}`
    const first: ExecutionRecord = { execution: startExecution({ id, rung, bundle, approvals }), bundle }
    const record = () => journal.at(-1) ?? first
    const input = (change: Partial<ExecutionInput> = {}): ExecutionInput => ({
      ...record(),
      deployment,
      client,
      provider,
      dispatch: (event) => void events.push(event),
      journal: (next) => void journal.push(next),
      requote: async () => {
        const snapshot = await readSnapshot(client, { deployment, account })
        const requoted = requotePlan(plan, buildRequoteRequest(snapshot))
        if (requoted.status !== 'requoted') throw new RangeError(requoted.reason)
        return composeBundle({ plan: requoted.plan, snapshot, deployment })
      },
      pollMs: 30,
      timeoutMs: 3_000,
      ...change,
    })
    return { journal, events, record, input, first }
  }

  async function readStanding(): Promise<Standing> {
    const tokens = deployment.assets.flatMap((asset) => asset.tokens)
    const balances: Record<string, bigint> = {}
    const allowances: Record<string, bigint> = {}
    const inRouters: Record<string, bigint> = {}
    await Promise.all(
      tokens.map(async ({ symbol, address }) => {
        const balanceOf = (owner: Address) =>
          address === nativeAddress
            ? client.getBalance({ address: owner })
            : readContract(client, { address, abi: erc20Abi, functionName: 'balanceOf', args: [owner] })
        const held = await Promise.all([account, swapRouter02, universalRouter, permit2].map(balanceOf))
        const [own = 0n, ...others] = held
        balances[symbol] = own
        inRouters[symbol] = others.reduce((sum, each) => sum + each, 0n)
        if (address === nativeAddress) return
        for (const [name, spender] of Object.entries({ swapRouter02, permit2 })) {
          const args = [account, spender] as const
          allowances[`${symbol} ${name}`] = await readContract(client, {
            address,
            abi: erc20Abi,
            functionName: 'allowance',
            args,
          })
        }
      }),
    )
    return { balances, allowances, inRouters }
  }

  /** What the account's transactions since a block paid for gas. */
  async function readGasPaid(fromBlock: bigint): Promise<bigint> {
    const newest = (await client.getBlock()).number
    let paid = 0n
    for (let blockNumber = fromBlock + 1n; blockNumber <= newest; blockNumber += 1n) {
      const { transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
      for (const { hash, from } of transactions) {
        if (from.toLowerCase() !== account.toLowerCase()) continue
        const { gasUsed, effectiveGasPrice } = await client.getTransactionReceipt({ hash })
        paid += gasUsed * effectiveGasPrice
      }
    }
    return paid
  }

  return {
    devnet,
    client,
    account,
    compose,
    composeThroughUniversalRouter,
    openWallet,
    openDesk,
    readStanding,
    readGasPaid,
    /** Back to the seeded market, with an empty pool of transactions. */
    async reset() {
      await devnet.client.setAutomine(true)
      await devnet.client.revert({ id: clean })
      await devnet.client.request({ method: 'anvil_dropAllTransactions', params: [] } as never)
      clean = await devnet.client.snapshot()
      // Time went on; deadlines count from the newest block.
      await devnet.client.mine({ blocks: 1 })
    },
    mine: (blocks = 1) => devnet.client.mine({ blocks }),
    stop: () => devnet.stop(),
    /**
     * Sends a call of the account as a transaction of its own, as a wallet would. Where the chain mines by itself it is in its block
     * when this settles: Anvil answers earlier, and may put what comes next into the same block.
     */
    async sendAlone(
      { to, data, value }: Call,
      change: { readonly nonce?: number; readonly gas?: bigint } = {},
    ): Promise<Hex> {
      const hash = await devnet.client.sendTransaction({ account, to, data, value, gas: 900_000n, ...change })
      const next = await devnet.client.getTransactionCount({ address: account, blockTag: 'latest' })
      const isInTurn = change.nonce === undefined || change.nonce <= next
      const isMined = () =>
        devnet.client.getTransactionReceipt({ hash }).then(
          () => true,
          () => false,
        )
      // viem's own waiting looks again with the next block only, which may never come.
      for (
        let look = 0;
        isInTurn && look < 400 && (await devnet.client.getAutomine()) && !(await isMined());
        look += 1
      ) {
        await setTimeout(5)
      }
      return hash
    },
    /** Asks the node for something that viem has no name for. */
    ask: (method: string, ...params: readonly unknown[]): Promise<unknown> =>
      devnet.client.request({ method, params } as never),
    /** An account that is nobody's. */
    nobody: zeroAddress,
  }
}
