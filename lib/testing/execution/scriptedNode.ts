import { type Client, createClient, custom, hexToBigInt, isAddressEqual, type Log, numberToHex } from 'viem'
import type { Address, Hex } from '@/lib/core/units'
import { toHash } from './simulatedChain'

/** A log as a node tells it, but for where it stands. */
export type ScriptedLog = Pick<Log, 'address' | 'topics' | 'data'>

type LogQuery = {
  readonly address: Address | readonly Address[]
  readonly topics: readonly (Hex | null)[]
  readonly fromBlock: Hex
}

/** A transaction on a scripted chain. */
export type ScriptedTransaction = {
  readonly hash: Hex
  readonly from: Address
  readonly to: Address
  readonly nonce: number
  readonly input: Hex
  readonly value: bigint
  readonly isReverted?: boolean
  readonly logs?: readonly ScriptedLog[]
}

type Answer = (params: readonly unknown[]) => unknown

/** A node whose chain is what a test says: a list of transactions for each block, and what waits for one. */
export class ScriptedNode {
  /** By block number. */
  blocks: readonly (readonly ScriptedTransaction[])[] = [[]]
  waiting: readonly ScriptedTransaction[] = []
  /** Which chain of the same length this is; another fork has other block hashes. */
  fork = 0
  /** Answers instead of the node; one that throws is a node that fails. */
  readonly answers: Record<string, Answer> = {}
  readonly asked: string[] = []
  /** What happens, one thing each time that the newest block is asked for, before the answer. */
  readonly script: (() => void)[] = []
  readonly client: Client = createClient({
    transport: custom(
      { request: async (args: { method: string; params?: readonly unknown[] }) => this.#answer(args) },
      { retryCount: 0 },
    ),
  })

  /** The hash of a block. */
  hashOf(blockNumber: number): Hex {
    return toHash(1_000_000 * (1 + this.fork) + blockNumber)
  }

  #answer({ method, params = [] }: { method: string; params?: readonly unknown[] }): unknown {
    this.asked.push(method)
    const own = this.answers[method]
    if (own !== undefined) return own(params)
    const [first, second] = params
    switch (method) {
      case 'eth_blockNumber':
        return numberToHex(this.#newest)
      case 'eth_getBlockByNumber':
        return this.#block(first, second === true)
      case 'eth_getTransactionByHash':
        return this.#find(first)?.told ?? null
      case 'eth_getTransactionReceipt':
        return this.#receipt(first)
      case 'eth_getTransactionCount':
        return this.#count(first, second)
      case 'eth_getLogs':
        return this.#logs(first as LogQuery)
      default:
        throw Object.assign(new Error(`the method ${method} does not exist`), { code: -32601 })
    }
  }

  get #newest(): number {
    return this.blocks.length - 1
  }

  #block(tag: unknown, isFull: boolean) {
    if (tag === 'latest') this.script.shift()?.()
    const number = tag === 'latest' ? this.#newest : Number(tag)
    const mined = this.blocks[number]
    if (mined === undefined) return null
    return {
      number: numberToHex(number),
      hash: this.hashOf(number),
      parentHash: this.hashOf(number - 1),
      timestamp: numberToHex(12 * number),
      baseFeePerGas: '0x3b9aca00',
      gasLimit: '0x1c9c380',
      transactions: mined.map((each) => (isFull ? tell(each, number, this.hashOf(number)) : each.hash)),
    }
  }

  #find(hash: unknown) {
    for (const [number, mined] of this.blocks.entries()) {
      const found = mined.find((each) => each.hash === hash)
      if (found !== undefined) return { number, found, told: tell(found, number, this.hashOf(number)) }
    }
    const found = this.waiting.find((each) => each.hash === hash)
    return found === undefined ? undefined : { number: undefined, found, told: tell(found) }
  }

  #receipt(hash: unknown) {
    const known = this.#find(hash)
    if (known?.number === undefined) return null
    const { number, found } = known
    return {
      transactionHash: found.hash,
      blockNumber: numberToHex(number),
      blockHash: this.hashOf(number),
      from: found.from,
      to: found.to,
      status: found.isReverted ? '0x0' : '0x1',
      gasUsed: '0x5208',
      effectiveGasPrice: '0x1',
      logs: this.#logsOf(number),
    }
  }

  #count(account: unknown, tag: unknown) {
    const own = (list: readonly ScriptedTransaction[]) =>
      list.filter(({ from }) => isAddressEqual(from, account as Address)).length
    return numberToHex(own(this.blocks.flat()) + (tag === 'pending' ? own(this.waiting) : 0))
  }

  #logsOf(number: number, hash?: Hex) {
    return (this.blocks[number] ?? [])
      .filter((each) => hash === undefined || each.hash === hash)
      .flatMap((each) => (each.isReverted ? [] : (each.logs ?? []).map((log) => ({ each, log }))))
      .map(({ each, log }, index) => ({
        ...log,
        blockNumber: numberToHex(number),
        blockHash: this.hashOf(number),
        transactionHash: each.hash,
        transactionIndex: '0x0',
        logIndex: numberToHex(index),
        removed: false,
      }))
  }

  #logs({ address, topics, fromBlock }: LogQuery) {
    const addresses = [address].flat()
    const isAsked = (log: ScriptedLog) =>
      addresses.some((each) => isAddressEqual(each as Address, log.address)) &&
      topics.every((topic, index) => topic === null || topic.toLowerCase() === log.topics[index]?.toLowerCase())
    return this.blocks.flatMap((_, number) =>
      BigInt(number) < hexToBigInt(fromBlock) ? [] : this.#logsOf(number).filter(isAsked),
    )
  }
}

function tell({ hash, from, to, nonce, input, value }: ScriptedTransaction, number?: number, blockHash?: Hex) {
  return {
    ...{ hash, from, to, input, nonce: numberToHex(nonce), value: numberToHex(value), gas: '0x5208', type: '0x0' },
    blockNumber: number === undefined ? null : numberToHex(number),
    blockHash: blockHash ?? null,
  }
}
