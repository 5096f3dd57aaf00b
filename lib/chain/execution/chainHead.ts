import type { Client } from 'viem'
import { getBlock } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import type { ChainHead } from '@/lib/core/execution/reconcileStep'

/**
 * Reads how far a chain is.
 * @throws {AppError} when the node cannot be reached
 */
export async function readHead(client: Client): Promise<ChainHead> {
  try {
    const { number, hash, timestamp } = await getBlock(client)
    return { blockNumber: number, blockHash: hash, timestamp: Number(timestamp) }
  } catch (error) {
    throw toAppError(error)
  }
}

/** Adds to a head the newest block that is final by the chain's rule (T-30). Where the node does not say, nothing is. */
export async function readFinalHead(client: Client, { finality }: Pick<Deployment, 'finality'>): Promise<ChainHead> {
  const head = await readHead(client)
  const finalBlock = await readFinalBlock(client, finality, head)
  return finalBlock === undefined ? head : { ...head, finalBlock }
}

async function readFinalBlock(
  client: Client,
  finality: Deployment['finality'],
  { blockNumber }: ChainHead,
): Promise<ChainHead['finalBlock']> {
  try {
    const { number, timestamp } = await getBlock(
      client,
      finality.kind === 'tag' ? { blockTag: finality.tag } : { blockNumber: blockNumber - BigInt(finality.blocks) },
    )
    return { number, timestamp: Number(timestamp) }
  } catch {
    return undefined
  }
}
