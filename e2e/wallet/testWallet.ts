import { randomBytes } from 'node:crypto'
import { createWalletMiddleware } from '@metamask/eth-json-rpc-middleware'
import { createAsyncMiddleware, createScaffoldMiddleware, JsonRpcEngine } from '@metamask/json-rpc-engine'
import { JsonRpcError, providerErrors, rpcErrors } from '@metamask/rpc-errors'
import { bytesToHex, getAddress, type Hex, numberToHex } from 'viem'
import { localChainId } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import type { DevnetAccount } from '../../devnet/accounts'
import { DevnetRpcError, sendRpc } from '../../devnet/rpc'
import { createBatchMiddleware } from './batchMiddleware'
import { createMessenger, type TransactionMeta } from './controllers'
import { createPromptScript, type PromptScript, type WalletPrompt } from './promptScript'
import { readMethods } from './walletMethods'
import { createSender, delegateAddress, type Sender } from './walletSender'

/** A request as a page makes it. */
export type WalletRequest = { readonly method: string; readonly params?: readonly unknown[] }

/** What the bridge carries back: codes survive. */
export type WalletAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  /** Thrown in the page as it is: not every wallet throws errors. */
  | { readonly thrown: unknown }

/** Answers requests of one method in place of the wallet. `pass` has the wallet answer after all. */
export type Answering = (
  request: WalletRequest,
  pass: () => Promise<WalletAnswer>,
) => WalletAnswer | Promise<WalletAnswer>

/** `offered` does what MetaMask does on the chains that it knows, `absent` what it does everywhere else. */
export type BatchSupport = 'offered' | 'absent'

export type TestWalletOptions = {
  /** The node that the wallet itself talks to. */
  readonly rpcUrl: string
  readonly accounts: readonly DevnetAccount[]
  readonly chainId?: number
  readonly batches?: BatchSupport
}

type EventName = 'accountsChanged' | 'chainChanged'
type EventListener = (event: EventName, payload: unknown) => Promise<void>

/** A wallet without a window. The test is its person. */
export type TestWallet = PromptScript & {
  /** Every request of the page, in its order. */
  readonly requests: readonly WalletRequest[]
  /** The prompts that ask for a signature: transactions and batches. */
  signatures(): readonly WalletPrompt[]
  /** The requests that send something. */
  sendRequests(): readonly WalletRequest[]
  account(): Address
  request(request: WalletRequest): Promise<WalletAnswer>
  /** Has a method answered otherwise than a sound wallet would, until it is called again without an answer. */
  answerWith(method: string, answering?: Answering): void
  setBatches(support: BatchSupport): void
  /** Chooses another account, as a person does in the wallet. Settles when the pages have been told. */
  selectAccount(account: Address): Promise<void>
  /** Chooses another chain, as a person does in the wallet. */
  selectChain(chainId: number): Promise<void>
  /** Is on another chain, uses another account or another node from now on, and tells no page. */
  changeSilently(change: { readonly account?: Address; readonly chainId?: number; readonly rpcUrl?: string }): void
  /** Takes the site's permission away, as a person does in the wallet. */
  disconnect(): Promise<void>
  onEvent(listener: EventListener): void
}

type UncheckedCall = { readonly to?: string; readonly data?: string; readonly value?: string }

const callLimit = 10
const knownChainIds = new Set([1, 8453, localChainId])

function toCall({ to, data, value }: UncheckedCall): Call {
  if (to === undefined) throw rpcErrors.invalidParams('This wallet does not create contracts.')
  return { to: getAddress(to), data: (data ?? '0x') as Hex, value: BigInt(value ?? '0x0') }
}

function toChainId(value: unknown): number {
  if (typeof value !== 'string' || !/^0x[0-9a-f]+$/i.test(value)) throw rpcErrors.invalidParams('Expected a chain id.')
  return Number(value)
}

/**
 * A wallet for tests. Requests are checked and refused by MetaMask's own packages; permissions, chains, prompts and the building
 * of transactions are ours, and the transactions are real.
 */
export function createTestWallet({
  rpcUrl: firstRpcUrl,
  accounts,
  chainId: firstChainId = localChainId,
  batches: firstBatches = 'offered',
}: TestWalletOptions): TestWallet {
  const [firstAccount] = accounts
  if (firstAccount === undefined) throw new RangeError('A wallet needs an account.')
  const script = createPromptScript()
  const requests: WalletRequest[] = []
  const transactions: TransactionMeta[] = []
  const listeners: EventListener[] = []
  const answerings = new Map<string, Answering>()
  let rpcUrl = firstRpcUrl
  let selected: DevnetAccount = firstAccount
  let chainId = firstChainId
  let batches = firstBatches
  let isPermitted = false
  let sending: Promise<unknown> = Promise.resolve()

  const visibleAccounts = (): Address[] => (isPermitted ? [selected.address] : [])
  const tell = async (event: EventName, payload: unknown) => {
    await Promise.all(listeners.map((listener) => listener(event, payload)))
  }
  const tellAccounts = () => tell('accountsChanged', visibleAccounts())
  const ask = async (prompt: WalletPrompt) => {
    const verdict = await script.ask(prompt)
    if (verdict.kind === 'approved') return
    throw new JsonRpcError(verdict.refusal.code, verdict.refusal.message)
  }
  /** One after the other, so that nonces never collide. */
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const turn = sending.then(task)
    sending = turn.catch(() => undefined)
    return turn
  }
  const accountOf = (address: string): DevnetAccount => {
    const account = accounts.find((known) => known.address.toLowerCase() === address.toLowerCase())
    if (account === undefined) throw providerErrors.unauthorized(`The test wallet has no account ${address}.`)
    return account
  }
  const senderOf = (address: string): Sender =>
    createSender({ rpcUrl, chainId: localChainId, privateKey: accountOf(address).privateKey })
  const requireLocalChain = () => {
    if (chainId !== localChainId) throw providerErrors.chainDisconnected(`The test wallet has no node for ${chainId}.`)
  }

  async function permit(): Promise<void> {
    await ask({ kind: 'connect', account: selected.address })
    isPermitted = true
    await tellAccounts()
  }

  async function switchTo(next: number): Promise<void> {
    if (!knownChainIds.has(next)) throw new JsonRpcError(4902, `Unrecognized chain ID "${numberToHex(next)}".`)
    if (next === chainId) return
    await ask({ kind: 'switchChain', chainId: next })
    chainId = next
    await tell('chainChanged', numberToHex(next))
  }

  const permissions = () => [
    { parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value: visibleAccounts() }] },
  ]

  async function processTransaction(params: UncheckedCall & { from: string; gas?: string; chainId?: string }) {
    requireLocalChain()
    if (params.chainId !== undefined && Number(params.chainId) !== chainId) {
      throw rpcErrors.invalidParams(`The request is for chain ${params.chainId}, the wallet is on ${chainId}.`)
    }
    const call = toCall(params)
    const sender = senderOf(params.from)
    await ask({ kind: 'transaction', account: getAddress(params.from), call })
    return inTurn(() => sender.sendCall(call, params.gas === undefined ? undefined : BigInt(params.gas)))
  }

  /** What MetaMask's transaction controller would do with a batch that passed its checks. */
  async function addTransactionBatch({
    from,
    transactions: wanted,
  }: {
    readonly from: string
    readonly transactions: readonly { readonly params: UncheckedCall }[]
  }) {
    requireLocalChain()
    if (wanted.length > callLimit)
      throw new JsonRpcError(5740, `Batch size cannot exceed ${callLimit}. got: ${wanted.length}`)
    const sender = senderOf(from)
    const calls = wanted.map(({ params }) => toCall(params))
    const upgradeTo = (await sender.readDelegate()) === undefined ? delegateAddress : undefined
    const account = getAddress(from)
    await ask({ kind: 'batch', account, calls, ...(upgradeTo === undefined ? {} : { upgradeTo }) })
    const batchId = bytesToHex(randomBytes(16))
    const hash = await inTurn(() => sender.sendBatch(calls, upgradeTo))
    transactions.push({ batchId, hash, chainId: numberToHex(localChainId), status: 'submitted' })
    return { batchId }
  }

  async function addTransaction(
    params: UncheckedCall & { from: string },
    { batchId }: { readonly batchId: Hex },
  ): Promise<void> {
    const { from, to, data, value } = params
    const hash = await processTransaction({
      from,
      ...(to === undefined ? {} : { to }),
      ...(data === undefined ? {} : { data }),
      ...(value === undefined ? {} : { value }),
    })
    transactions.push({ batchId, hash, chainId: numberToHex(localChainId), status: 'submitted' })
  }

  async function isAtomicBatchSupported({ address, chainIds }: { address: string; chainIds?: readonly Hex[] }) {
    if (batches === 'absent') return []
    const wanted = chainIds ?? [numberToHex(localChainId)]
    if (!wanted.some((id) => Number(id) === localChainId)) return []
    const delegate = await senderOf(address).readDelegate()
    return [
      {
        chainId: numberToHex(localChainId),
        isSupported: delegate?.toLowerCase() === delegateAddress.toLowerCase(),
        delegationAddress: delegate,
        upgradeContractAddress: delegateAddress,
      },
    ]
  }

  async function refreshTransactions(): Promise<void> {
    for (const [index, transaction] of transactions.entries()) {
      if (transaction.status !== 'submitted') continue
      const receipt = (await sendRpc(rpcUrl, 'eth_getTransactionReceipt', [transaction.hash])) as { status: Hex } | null
      if (receipt === null) continue
      const status = receipt.status === '0x1' ? 'confirmed' : 'failed'
      transactions[index] = { ...transaction, status, txReceipt: receipt }
    }
  }

  const messenger = createMessenger(() => ({ selected, accounts, chainId, transactions }))
  const hooks = {
    addTransaction,
    addTransactionBatch,
    isAtomicBatchSupported,
    getDismissSmartAccountSuggestionEnabled: () => false,
    getIsSmartTransaction: () => false,
    isRelaySupported: async () => false,
    getSendBundleSupportedChains: async () => ({}),
    isAuxiliaryFundsSupported: () => false,
    validateSecurity: async () => undefined,
  }

  const engine = new JsonRpcEngine()
  engine.push(
    createScaffoldMiddleware({
      eth_chainId: answerWith(() => numberToHex(chainId)),
      eth_requestAccounts: answerWith(async () => {
        if (!isPermitted) await permit()
        return visibleAccounts()
      }),
      wallet_requestPermissions: answerWith(async () => {
        await permit()
        return permissions()
      }),
      wallet_getPermissions: answerWith(() => (isPermitted ? permissions() : [])),
      wallet_revokePermissions: answerWith(async () => {
        isPermitted = false
        await tellAccounts()
        return null
      }),
      wallet_switchEthereumChain: answerWith(async ([wanted]) => {
        await switchTo(toChainId((wanted as { readonly chainId?: unknown } | undefined)?.chainId))
        return null
      }),
    }),
  )
  engine.push(createBatchMiddleware({ messenger, hooks, visibleAccounts, refreshTransactions }))
  engine.push(
    createWalletMiddleware({
      getAccounts: async () => visibleAccounts(),
      processTransaction: (params) => processTransaction(params),
    }),
  )
  engine.push(
    createAsyncMiddleware(async ({ method, params }, response) => {
      if (!readMethods.has(method)) throw rpcErrors.methodNotFound(`The method "${method}" does not exist.`)
      requireLocalChain()
      try {
        response.result = (await sendRpc(rpcUrl, method, Array.isArray(params) ? params : [])) as never
      } catch (error) {
        if (!(error instanceof DevnetRpcError)) throw error
        throw new JsonRpcError(error.code, error.message, error.data as never)
      }
    }),
  )

  async function handle({ method, params }: WalletRequest): Promise<WalletAnswer> {
    const answer = await engine.handle({ jsonrpc: '2.0', id: 1, method, params: [...(params ?? [])] as never })
    if ('error' in answer) {
      const { code, message, data } = answer.error
      return { error: { code, message, ...(data === undefined ? {} : { data }) } }
    }
    return { result: answer.result }
  }

  return {
    ...script,
    requests,
    signatures: () => script.shown.filter(({ kind }) => kind === 'transaction' || kind === 'batch'),
    sendRequests: () =>
      requests.filter(({ method }) => method === 'wallet_sendCalls' || method === 'eth_sendTransaction'),
    account: () => selected.address,
    async request({ method, params }) {
      const request = { method, ...(Array.isArray(params) ? { params } : {}) }
      requests.push(request)
      const pass = () => handle(request)
      return answerings.get(method)?.(request, pass) ?? pass()
    },
    answerWith(method, answering) {
      if (answering === undefined) answerings.delete(method)
      else answerings.set(method, answering)
    },
    setBatches(support) {
      batches = support
    },
    async selectAccount(address) {
      selected = accountOf(address)
      if (isPermitted) await tellAccounts()
    },
    async selectChain(next) {
      chainId = next
      await tell('chainChanged', numberToHex(next))
    },
    changeSilently(change) {
      if (change.account !== undefined) selected = accountOf(change.account)
      chainId = change.chainId ?? chainId
      rpcUrl = change.rpcUrl ?? rpcUrl
    },
    async disconnect() {
      isPermitted = false
      await tellAccounts()
    },
    onEvent(listener) {
      listeners.push(listener)
    },
  }
}

function answerWith(answer: (params: readonly unknown[]) => unknown) {
  return createAsyncMiddleware(async ({ params }, response) => {
    response.result = (await answer(Array.isArray(params) ? params : [])) as never
  })
}
