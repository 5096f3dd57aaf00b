import { type Address, type Client, type Hex, isAddressEqual } from 'viem'
import { getBlock } from 'viem/actions'
import type { Call } from '@/lib/core/bundle'
import type { ChainHead, MinedMark } from '@/lib/core/execution/reconcileStep'

/** A transaction of an account in a block. */
export type OwnTransaction = MinedMark & {
  readonly nonce: number
  readonly to: Address | null
  readonly input: Hex
  readonly value: bigint
}

/** At most this many blocks are searched for a transaction whose hash is not known. */
const searchedBlocks = 300n

type ScannedBlock = { readonly hash: Hex; readonly parentHash: Hex; readonly own: readonly OwnTransaction[] }

/** Lists what an account has sent in the blocks after one, in order. */
export type ListOwnTransactions = (head: ChainHead, afterBlock: bigint) => Promise<readonly OwnTransaction[]>

/** Makes a list that reads each block once; after a reorganisation those that changed are read again. */
export function openOwnTransactions(client: Client, account: Address): ListOwnTransactions {
  const scanned = new Map<bigint, ScannedBlock>()

  const scan = async (blockNumber: bigint): Promise<ScannedBlock> => {
    const { hash, parentHash, transactions } = await getBlock(client, { blockNumber, includeTransactions: true })
    const own = transactions
      .filter(({ from }) => isAddressEqual(from, account))
      .map(({ hash: txHash, nonce, to, input, value }) => {
        return { txHash, nonce, to, input, value, blockNumber, blockHash: hash }
      })
    const block = { hash, parentHash, own }
    scanned.set(blockNumber, block)
    return block
  }

  return async ({ blockNumber: newest, blockHash }, afterBlock) => {
    const oldest = newest - afterBlock > searchedBlocks ? newest - searchedBlocks : afterBlock + 1n
    const found: OwnTransaction[][] = []
    let expected = blockHash
    for (let blockNumber = newest; blockNumber >= oldest; blockNumber -= 1n) {
      const known = scanned.get(blockNumber)
      const { own, parentHash } = known?.hash === expected ? known : await scan(blockNumber)
      found.unshift([...own])
      expected = parentHash
    }
    return found.flat()
  }
}

/** Whether a transaction does just what a call does. */
export function isSameCall({ to, input, value }: Pick<OwnTransaction, 'to' | 'input' | 'value'>, call: Call): boolean {
  const isSameTarget = to !== null && isAddressEqual(to, call.to)
  return isSameTarget && input.toLowerCase() === call.data.toLowerCase() && value === call.value
}

/** Whether a transaction contains a call's bytes, as its own or within a batch. */
export function hasCall({ input }: Pick<OwnTransaction, 'input'>, { data }: Call): boolean {
  return input.toLowerCase().includes(data.slice(2).toLowerCase())
}

/** Whether a transaction does nothing but take a nonce: what wallets send to cancel another. */
export function isCancel({ to, input, value }: OwnTransaction, account: Address): boolean {
  return to !== null && isAddressEqual(to, account) && input === '0x' && value === 0n
}
