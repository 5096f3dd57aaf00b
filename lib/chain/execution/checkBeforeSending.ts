import type { Client } from 'viem'
import { estimateFeesPerGas, estimateGas, getBalance, getBlock } from 'viem/actions'
import { AppError, InsufficientGasError } from '@/lib/chain/appErrors'
import { checkSimulation } from '@/lib/chain/bundle/checkSimulation'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { simulateBundle } from '@/lib/chain/bundle/simulateBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import { readDelegation } from '@/lib/chain/wallet/readDelegation'
import type { Bundle } from '@/lib/core/bundle'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import { type Address, assertNever, mulDivUp } from '@/lib/core/units'

/** A bundle that would not do, or no longer does, what was reviewed. Nothing was sent. */
export class BundleNotSendableError extends AppError {
  override readonly name = 'BundleNotSendableError'
  constructor(
    readonly failure: ExecutionFailure,
    /** What a contract says, or which check failed. */
    readonly reason: string,
  ) {
    super(`The bundle was not sent: ${reason}. Plan again.`)
  }
}

/**
 * Nothing is asked of an account that unknown code controls: it could take whatever is bought (T-24).
 * @throws {BundleNotSendableError} when the account is delegated to code that is not on the list
 * @throws {AppError} when the node cannot be reached
 */
export async function checkDelegation(
  client: Client,
  subject: { readonly account: Address; readonly deployment: Deployment },
): Promise<void> {
  const delegation = await readDelegation(client, subject)
  if (delegation.kind !== 'unknown') return
  throw new BundleNotSendableError('unknownDelegate', `the account is controlled by code at ${delegation.delegate}`)
}

/** Room for the wallet's own steps around a batch, and for pools that move. */
const gasMarginBps = 12_500n

function withMargin(gas: bigint): bigint {
  return mulDivUp(gas, gasMarginBps, 10_000n)
}

/**
 * Last look before a request that moves money, on the newest block: time left, the exact bytes simulated, and enough of the native
 * coin for value and gas.
 * @throws {BundleNotSendableError | InsufficientGasError} when it must not go out
 * @throws {AppError} when the node cannot be reached
 */
export async function checkBeforeSending(
  client: Client,
  { bundle, deployment }: { readonly bundle: Bundle; readonly deployment: Deployment },
): Promise<void> {
  const block = await getBlock(client).catch((error: unknown) => {
    throw toAppError(error)
  })
  const timestamp = Number(block.timestamp)
  if (timestamp + 2 * deployment.blockSeconds >= bundle.deadline) {
    throw new BundleNotSendableError('deadlinePassed', 'its deadline is over')
  }
  const snapshot = { block: { number: block.number, timestamp } }
  const simulation = await simulateBundle(client, { bundle, snapshot, deployment })
  switch (simulation.status) {
    case 'reverted':
      throw new BundleNotSendableError(simulation.failure, simulation.reason)
    case 'succeeded': {
      const [violation] = checkSimulation(simulation, decodeBundle(bundle, deployment))
      if (violation !== undefined) throw new BundleNotSendableError('simulationFailed', violation.kind)
      if (withMargin(simulation.gasUsed) > block.gasLimit) {
        throw new BundleNotSendableError('batchTooLarge', 'it needs more gas than a block has room for')
      }
      return checkGasMoney(client, bundle, simulation.gasUsed)
    }
    case 'unavailable':
      // Without approvals the node can at least run the swap by itself; with them it cannot, and the wallet has the last look.
      return bundle.approvals.length === 0 ? checkSwapAlone(client, bundle) : undefined
    default:
      return assertNever(simulation)
  }
}

/** Value and gas at the highest fee that the next blocks may ask, with a margin. */
async function checkGasMoney(client: Client, { account, swap }: Bundle, gas: bigint): Promise<void> {
  try {
    const [balance, { maxFeePerGas }] = await Promise.all([
      getBalance(client, { address: account, blockTag: 'latest' }),
      estimateFeesPerGas(client),
    ])
    if (balance < swap.value + withMargin(gas) * maxFeePerGas) throw new InsufficientGasError()
  } catch (error) {
    throw toAppError(error)
  }
}

async function checkSwapAlone(client: Client, bundle: Bundle): Promise<void> {
  const { account, swap } = bundle
  const gas = await estimateGas(client, { account, to: swap.to, data: swap.data, value: swap.value }).catch(
    (error: unknown) => {
      throw toAppError(error)
    },
  )
  return checkGasMoney(client, bundle, gas)
}
