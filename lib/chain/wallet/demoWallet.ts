import {
  createWalletClient,
  type EIP1193Provider,
  http,
  isAddress,
  isAddressEqual,
  isHex,
  numberToHex,
  publicActions,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { toViemChain } from '@/lib/chain/client'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { localChainId, localDeployment } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import type { Address, Hex } from '@/lib/core/units'
import { encodeDelegateBatch } from './delegateBatch'
import { createMemory, type DemoWalletMemory } from './demoMemory'
import { readDelegation } from './readDelegation'
import { checkChainId, DemoWalletError, invalid, isText, toCall, toQuantity, toRecord } from './walletParams'

/** What the demo wallet asks the person before it does it. */
export type DemoWalletRequest =
  | { readonly kind: 'connect'; readonly account: Address }
  | { readonly kind: 'transaction'; readonly account: Address; readonly call: Call }
  | {
      readonly kind: 'batch'
      readonly account: Address
      readonly calls: readonly Call[]
      /** Set when the account will be delegated to this contract first (EIP-7702), which the wallet does once. */
      readonly delegate?: Address
    }

export type DemoWalletOptions = {
  /** The local chain's endpoint. */
  readonly rpcUrl: string
  /** Puts a request to the person; `false` declines it. */
  readonly confirm: (request: DemoWalletRequest) => Promise<boolean>
  /** The browser's `localStorage` unless given; nothing is remembered where there is none. */
  readonly memory?: DemoWalletMemory
  /** Whether `wallet_sendCalls` is offered. Unless told otherwise it is. */
  readonly batches?: 'offered' | 'refused'
}

/** The well-known first account of Anvil. Its key is public: worthless on any real chain. */
export const demoAccountKey: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

const callLimit = 10
const batchVersion = '2.0.0'

/** What is passed on to the node as it is: reading, and nothing that signs, sends or steers the node. */
const readMethods: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_createAccessList',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getBlockTransactionCountByHash',
  'eth_getBlockTransactionCountByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_simulateV1',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
])

type Listener = (...args: unknown[]) => void
type Params = readonly unknown[]

/**
 * A wallet for trying the whole job without an extension: it signs real transactions with Anvil's public first key and sends them to
 * the local chain, and to no other. Batches run atomically through MetaMask's EIP-7702 delegate. It never signs messages.
 */
export function createDemoWallet({ rpcUrl, confirm, memory, batches = 'offered' }: DemoWalletOptions): EIP1193Provider {
  const account = privateKeyToAccount(demoAccountKey)
  const chain = toViemChain(localDeployment, [rpcUrl])
  const client = createWalletClient({ account, chain, transport: http(rpcUrl) }).extend(publicActions)
  const askNode = client.request as (args: { method: string; params?: unknown }) => Promise<unknown>
  const remembered = createMemory(memory)
  const listeners = new Map<string, Set<Listener>>()
  const hashes = new Map<string, Hex>()
  let queue: Promise<unknown> = Promise.resolve()

  const emit = (event: string, payload: unknown) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(payload)
  }
  const accounts = (): readonly Address[] => (remembered.isConnected() ? [account.address] : [])
  const ask = async (request: DemoWalletRequest): Promise<void> => {
    if (!(await confirm(request))) throw new DemoWalletError(4001, 'User rejected the request.')
  }
  /** One signature after another, so that nonces never collide. */
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = queue.then(task)
    queue = result.catch(() => undefined)
    return result
  }

  async function connect(): Promise<readonly Address[]> {
    if (!remembered.isConnected()) {
      await checkChain()
      await ask({ kind: 'connect', account: account.address })
      remembered.setConnected(true)
      emit('accountsChanged', accounts())
    }
    return accounts()
  }

  /** Signs for the local chain only: what an endpoint says of itself is checked before each signature. */
  async function checkChain(): Promise<void> {
    const chainId = await client.getChainId()
    if (chainId !== localChainId) {
      throw new DemoWalletError(4901, `The demo wallet works on chain ${localChainId} only; this is ${chainId}.`)
    }
  }

  function checkSender(from: unknown): void {
    if (!remembered.isConnected()) throw new DemoWalletError(4100, 'The demo wallet is not connected to this site.')
    if (
      from !== undefined &&
      !(isText(from) && isAddress(from, { strict: false }) && isAddressEqual(from, account.address))
    ) {
      throw new DemoWalletError(4100, 'The demo wallet does not have this account.')
    }
  }

  async function sendTransaction([request]: Params): Promise<Hex> {
    const { from, to, data, input, value, gas, chainId } = toRecord(request)
    checkSender(from)
    if (chainId !== undefined) checkChainId(chainId, 4901)
    const call = toCall({ to, data: data ?? input, value })
    await checkChain()
    await ask({ kind: 'transaction', account: account.address, call })
    return inTurn(() => client.sendTransaction({ ...call, ...(gas === undefined ? {} : { gas: toQuantity(gas) }) }))
  }

  async function sendCalls([request]: Params): Promise<{ readonly id: string }> {
    if (batches === 'refused') throw new DemoWalletError(4200, 'The demo wallet was told not to offer batches.')
    const { version, id, from, chainId, atomicRequired, calls, capabilities } = toRecord(request)
    if (version !== batchVersion) throw invalid(`version must be ${batchVersion}`)
    checkSender(from)
    checkChainId(chainId, 5710)
    if (typeof atomicRequired !== 'boolean') throw invalid('atomicRequired must be a boolean')
    if (!Array.isArray(calls) || calls.length === 0) throw invalid('calls must not be empty')
    if (calls.length > callLimit) throw new DemoWalletError(5740, `More than ${callLimit} calls in one batch.`)
    if (id !== undefined && (!isText(id) || id === '')) throw invalid('id must be a text')
    if (id !== undefined && hashes.has(id)) throw new DemoWalletError(5720, 'There is already a batch with this id.')
    const required = Object.entries(toRecord(capabilities ?? {})).find(([, value]) => toRecord(value).optional !== true)
    if (required !== undefined) throw new DemoWalletError(5700, `The capability ${required[0]} is not offered.`)
    const batch = calls.map(toCall)
    await checkChain()
    const delegate = await missingDelegate()
    await ask({
      kind: 'batch',
      account: account.address,
      calls: batch,
      ...(delegate === undefined ? {} : { delegate }),
    })
    return inTurn(async () => {
      const hash = await sendBatch(batch)
      const batchId = id ?? hash
      hashes.set(batchId, hash)
      return { id: batchId }
    })
  }

  async function missingDelegate(): Promise<Address | undefined> {
    const delegation = await readDelegation(client, { account: account.address, deployment: localDeployment })
    return delegation.kind === 'trusted' ? undefined : trustedDelegate(localDeployment)
  }

  async function sendBatch(calls: readonly Call[]): Promise<Hex> {
    const delegate = await missingDelegate()
    const data = encodeDelegateBatch(calls)
    const to = account.address
    if (delegate === undefined) return client.sendTransaction({ to, data })
    const code: Hex = `0xef0100${delegate.slice(2)}`
    const [authorization, estimate] = await Promise.all([
      client.signAuthorization({ account, contractAddress: delegate, executor: 'self' }),
      client.estimateGas({ account: to, to, data, stateOverride: [{ address: to, code }] }),
    ])
    return client.sendTransaction({
      to,
      data,
      authorizationList: [authorization],
      gas: withMargin(estimate) + authorizationGas,
    })
  }

  async function readCallsStatus([id]: Params) {
    if (!isText(id)) throw invalid('the id must be a text')
    const hash = hashes.get(id) ?? (isHex(id) && id.length === 66 ? id : undefined)
    const unknown = new DemoWalletError(5730, 'This batch is not known.')
    if (hash === undefined) throw unknown
    const status = { version: batchVersion, id, chainId: numberToHex(localChainId), atomic: true }
    const receipt = await askNode({ method: 'eth_getTransactionReceipt', params: [hash] })
    if (receipt !== null) {
      const { logs, status: outcome, blockHash, blockNumber, gasUsed, transactionHash } = toRecord(receipt)
      const receipts = [{ logs, status: outcome, blockHash, blockNumber, gasUsed, transactionHash }]
      return { ...status, status: outcome === '0x1' ? 200 : 500, receipts }
    }
    if ((await askNode({ method: 'eth_getTransactionByHash', params: [hash] })) === null) throw unknown
    return { ...status, status: 100 }
  }

  async function request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    const args: Params = Array.isArray(params) ? params : []
    switch (method) {
      case 'eth_requestAccounts':
        return connect()
      case 'eth_accounts':
        return accounts()
      case 'eth_chainId':
        return numberToHex(localChainId)
      case 'wallet_requestPermissions':
        await connect()
        return permissions(accounts())
      case 'wallet_getPermissions':
        return accounts().length === 0 ? [] : permissions(accounts())
      case 'wallet_revokePermissions':
        if (!remembered.isConnected()) return null
        remembered.setConnected(false)
        emit('accountsChanged', [])
        return null
      case 'wallet_switchEthereumChain':
        checkChainId(toRecord(args[0]).chainId, 4902)
        return null
      case 'eth_sendTransaction':
        return sendTransaction(args)
      case 'wallet_getCapabilities':
        checkSender(args[0])
        return {
          [numberToHex(localChainId)]: { atomic: { status: batches === 'offered' ? 'supported' : 'unsupported' } },
        }
      case 'wallet_sendCalls':
        return sendCalls(args)
      case 'wallet_getCallsStatus':
        return readCallsStatus(args)
      default:
        if (!readMethods.has(method)) throw new DemoWalletError(4200, `The demo wallet does not do ${method}.`)
        return askNode(params === undefined ? { method } : { method, params })
    }
  }

  const on = (event: string, listener: Listener) => {
    const known = listeners.get(event) ?? new Set()
    listeners.set(event, known.add(listener))
  }
  const removeListener = (event: string, listener: Listener) => {
    listeners.get(event)?.delete(listener)
  }
  return { request, on, removeListener, promptsEndWithPage: true } as unknown as EIP1193Provider
}

/** EIP-7702's price for one authorisation of an account that exists, and what the estimate without it did not see. */
const authorizationGas = 40_000n

function withMargin(gas: bigint): bigint {
  return (gas * 12n) / 10n
}

function trustedDelegate({ trustedDelegates }: Deployment): Address {
  const [delegate] = trustedDelegates
  if (delegate === undefined) throw new DemoWalletError(5700, 'There is no contract to batch with on this chain.')
  return delegate
}

function permissions(accounts: readonly Address[]) {
  return [{ parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value: accounts }] }]
}
