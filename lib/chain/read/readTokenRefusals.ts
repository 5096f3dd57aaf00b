import { encodeFunctionData, parseAbi } from 'viem'
import { nativeAddress } from '@/lib/core/asset'
import type { Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BlockRef } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { AppError, CallRevertedError, RpcResponseError } from '../appErrors'
import type { Deployment } from '../deployments/deployment'
import { toAppError } from '../toAppError'
import type { RpcReader } from './readCalls'
import { wordAt } from './words'

/** A token that would not move as a plan needs it to, and what its contract says about it. */
export type TokenRefusal = {
  readonly token: Address
  /** Whether the account sells or buys it. */
  readonly side: 'sold' | 'bought'
  readonly reason: string
}

type Move = Omit<TokenRefusal, 'reason'> & { readonly from: Address; readonly to: Address; readonly amount: bigint }

const transferAbi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])

/** Who holds the tokens of a pool: its own contract, or v4's manager. */
function holderOf(pool: Leg['hops'][number]['pool'], { contracts }: Deployment): Address {
  return pool.kind === 'singleton' ? contracts.v4PoolManager : pool.id
}

/** The transfers between the account and the pools, without what the routers do in between. */
function listMoves({ account, legs }: RebalancePlan, deployment: Deployment): readonly Move[] {
  return legs.flatMap(({ hops }) =>
    hops.flatMap((hop): Move[] => {
      const holder = holderOf(hop.pool, deployment)
      return [
        { token: hop.tokenIn, side: 'sold', from: account, to: holder, amount: hop.amountIn },
        { token: hop.tokenOut, side: 'bought', from: holder, to: account, amount: hop.amountOut },
      ]
    }),
  )
}

/** Only what the account itself gives or gets: what is passed through never is the account's. */
function isOfAccount({ spendings, purchases }: RebalancePlan, { token, side }: Move): boolean {
  const isSame = (other: { readonly token: Address }) => other.token.toLowerCase() === token.toLowerCase()
  return token !== nativeAddress && (side === 'sold' ? spendings.some(isSame) : purchases.some(isSame))
}

async function readRefusal(
  client: RpcReader,
  { token, side, from, to, amount }: Move,
  blockHash: Hex,
): Promise<TokenRefusal | undefined> {
  const data = encodeFunctionData({ abi: transferAbi, functionName: 'transfer', args: [to, amount] })
  try {
    const params = [{ from, to: token, data }, { blockHash }] as never
    const answer: unknown = await client.request({ method: 'eth_call', params })
    if (typeof answer !== 'string' || !answer.startsWith('0x')) throw new RpcResponseError('no bytes')
    return wordAt(answer as Hex, 0) === 0n ? { token, side, reason: 'it answers false' } : undefined
  } catch (error) {
    const failure = error instanceof AppError ? error : toAppError(error)
    if (failure instanceof CallRevertedError) return { token, side, reason: failure.reason }
    throw failure
  }
}

/**
 * Asks the tokens of a plan themselves why they would not move: routers and pools only say that something failed (`STF`, `TF`). Each
 * transfer between account and pool is tried by itself, at the block at which the simulation reverted.
 * @returns one for each token and side that refuses; none where the tokens are not to blame.
 * @throws {AppError} when the node cannot be read.
 */
export async function readTokenRefusals(
  client: RpcReader,
  request: {
    readonly plan: RebalancePlan
    readonly deployment: Deployment
    readonly block: Pick<BlockRef, 'hash'>
  },
): Promise<readonly TokenRefusal[]> {
  const { plan, deployment, block } = request
  const moves = listMoves(plan, deployment).filter((move) => isOfAccount(plan, move))
  const refusals = await Promise.all(moves.map((move) => readRefusal(client, move, block.hash)))
  const byTokenAndSide = new Map(
    refusals.flatMap((refusal) => (refusal === undefined ? [] : [[`${refusal.side} ${refusal.token}`, refusal]])),
  )
  return [...byTokenAndSide.values()]
}
