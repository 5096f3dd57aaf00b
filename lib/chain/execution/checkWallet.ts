import { type Client, isAddress, isAddressEqual } from 'viem'
import {
  AppError,
  RpcResponseError,
  WalletLockedError,
  WrongAccountError,
  WrongChainError,
} from '@/lib/chain/appErrors'
import { localChainId } from '@/lib/chain/deployments/local'
import { runMarkerAddress } from '@/lib/chain/runMarker'
import { toAppError } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Address } from '@/lib/core/units'
import { answerWithin } from './patience'

/** A wallet that does not say its chain and account within this time counts as locked. */
const patienceMs = 10_000

/** The wallet and the page say the same chain id and yet look at two different chains. */
export class DifferentChainStateError extends AppError {
  override readonly name = 'DifferentChainStateError'
  readonly failure = 'differentChainState'
  constructor(options?: ErrorOptions) {
    super(
      'The wallet looks at another run of the local chain than this page. Correct its RPC address, then try again.',
      options,
    )
  }
}

/**
 * Asks the wallet itself, right before a request, for its chain and its account, and on the local chain for the marker that
 * only this run of it has.
 * @throws {WrongChainError | WrongAccountError | WalletLockedError | DifferentChainStateError} when it is not as planned
 */
export async function checkWallet(
  provider: WalletProvider,
  client: Client,
  { account, chainId }: { readonly account: Address; readonly chainId: number },
): Promise<void> {
  const [actual, accounts] = await Promise.all([
    ask(provider, { method: 'eth_chainId' }),
    ask(provider, { method: 'eth_accounts' }),
  ])
  if (toChainId(actual) !== chainId) throw new WrongChainError({ expected: chainId, actual: toChainId(actual) })
  const [first] = Array.isArray(accounts) ? accounts : []
  if (first === undefined) throw new WalletLockedError(undefined)
  if (typeof first !== 'string' || !isAddress(first, { strict: false }) || !isAddressEqual(first, account)) {
    throw new WrongAccountError()
  }
  if (chainId === localChainId) await checkMarker(provider, client)
}

async function checkMarker(provider: WalletProvider, client: Client): Promise<void> {
  const request = { method: 'eth_call', params: [{ to: runMarkerAddress }, 'latest'] }
  const readNode = client.request as WalletProvider['request']
  const [seenByPage, seenByWallet] = await Promise.all([
    readNode(request).catch((error: unknown) => {
      throw toAppError(error)
    }),
    answerWithin(Promise.resolve(provider.request(request)), patienceMs).catch((cause: unknown) => {
      throw new DifferentChainStateError({ cause })
    }),
  ])
  if (typeof seenByPage !== 'string') throw new RpcResponseError('no bytes')
  if (seenByPage !== seenByWallet) throw new DifferentChainStateError()
}

async function ask(provider: WalletProvider, request: Parameters<WalletProvider['request']>[0]): Promise<unknown> {
  let answer: unknown
  try {
    answer = await answerWithin(Promise.resolve(provider.request(request)), patienceMs)
  } catch (error) {
    throw toAppError(error)
  }
  if (answer === undefined) throw new WalletLockedError(undefined)
  return answer
}

function toChainId(answer: unknown): number | undefined {
  if (typeof answer === 'number') return answer
  return typeof answer === 'string' && /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(answer) ? Number(answer) : undefined
}
