import type { ChainHead, MinedMark } from '@/lib/core/execution/reconcileStep'
import type { Hex } from '@/lib/core/units'

const blockSeconds = 12
/** So many blocks lie on one that is final. */
const finalDepth = 8

/** A hash for a number. */
export const toHash = (count: number): Hex => `0x${count.toString(16).padStart(64, '0')}`

/** What a transaction would do: calls of an execution by their index (the swap comes last), or something foreign. */
export type Effect =
  | { readonly kind: 'calls'; readonly executionId: string; readonly calls: readonly number[] }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'other' }
/** A transaction of the one account. */
export type Transaction = {
  readonly hash: Hex
  readonly nonce: number
  readonly effect: Effect
  readonly isDoomed: boolean
}
/** A transaction in a block. */
export type Mined = Transaction & { readonly isSuccess: boolean }
type Block = {
  readonly number: bigint
  readonly hash: Hex
  readonly timestamp: number
  readonly mined: readonly Mined[]
}

/** The swap is the call after three approvals. */
export const swapCall = 3

/** A chain with one account, as plain data: blocks, what waits for one, and what no node has any more. */
export class SimulatedChain {
  blocks: Block[] = [{ number: 0n, hash: toHash(1), timestamp: 0, mined: [] }]
  waiting: Transaction[] = []
  /** Known to their sender only; they may be sent again. */
  dropped: Transaction[] = []
  private count = 1
  readonly deadlines = new Map<string, number>()

  get newest(): Block {
    const block = this.blocks.at(-1)
    if (block === undefined) throw new RangeError('There is always a block.')
    return block
  }
  get mined(): readonly (Mined & MinedMark)[] {
    return this.blocks.flatMap(({ number, hash, mined }) =>
      mined.map((each) => ({ ...each, txHash: each.hash, blockNumber: number, blockHash: hash })),
    )
  }
  get nonce(): number {
    return this.mined.length
  }
  get pendingNonce(): number {
    let nonce = this.nonce
    while (this.waiting.some((each) => each.nonce === nonce)) nonce += 1
    return nonce
  }
  nextHash(): Hex {
    this.count += 1
    return toHash(this.count)
  }
  head(): ChainHead {
    const { number, hash, timestamp } = this.newest
    const final = this.blocks.at(-1 - finalDepth)
    return {
      blockNumber: number,
      blockHash: hash,
      timestamp,
      ...(final === undefined ? {} : { finalBlock: { number: final.number, timestamp: final.timestamp } }),
    }
  }
  send(nonce: number, effect: Effect, isDoomed = false): Transaction {
    const sent = { hash: this.nextHash(), nonce, effect, isDoomed }
    this.admit(sent)
    return sent
  }
  /** A node takes one transaction for each nonce: the newest. */
  admit(transaction: Transaction): void {
    if (transaction.nonce < this.nonce) return
    const replaced = this.waiting.filter(({ nonce }) => nonce === transaction.nonce)
    this.waiting = [...this.waiting.filter((each) => !replaced.includes(each)), transaction]
    this.dropped = [...this.dropped.filter(({ hash }) => hash !== transaction.hash), ...replaced]
  }
  mine(seconds = blockSeconds): void {
    const timestamp = this.newest.timestamp + seconds
    const mined: Mined[] = []
    for (let nonce = this.nonce; ; nonce += 1) {
      const next = this.waiting.find((each) => each.nonce === nonce)
      if (next === undefined) break
      this.waiting = this.waiting.filter((each) => each !== next)
      mined.push({ ...next, isSuccess: this.succeeds(next, timestamp, mined) })
    }
    this.waiting = this.waiting.filter(({ nonce }) => nonce >= this.nonce + mined.length)
    this.blocks.push({ number: this.newest.number + 1n, hash: this.nextHash(), timestamp, mined })
  }
  private succeeds({ effect, isDoomed }: Transaction, timestamp: number, before: readonly Mined[]): boolean {
    if (isDoomed) return false
    if (effect.kind !== 'calls' || !effect.calls.includes(swapCall)) return true
    const { executionId } = effect
    if (timestamp > (this.deadlines.get(executionId) ?? 0)) return false
    const isMade = (call: number) =>
      effect.calls.includes(call) ||
      [...this.mined, ...before].some(
        ({ effect: made, isSuccess }) =>
          isSuccess && made.kind === 'calls' && made.executionId === executionId && made.calls.includes(call),
      )
    return [0, 1, 2].every(isMade)
  }
  /** Takes blocks back and replaces them, as deep as is not final; their transactions wait again, or are gone from every node. */
  reorganise(depth: number, isKept: boolean): void {
    const taken = Math.min(depth, finalDepth - 1, this.blocks.length - 1)
    const removed = this.blocks.splice(this.blocks.length - taken, taken)
    const back = removed.flatMap(({ mined }) => mined).map(({ isSuccess: _, ...each }): Transaction => each)
    if (isKept) for (const each of back) this.admit(each)
    else this.dropped.push(...back)
    // Another chain of blocks takes as long: the time does not go back.
    for (const { number, timestamp } of removed) {
      this.blocks.push({ number, hash: this.nextHash(), timestamp, mined: [] })
    }
  }
  drop(index: number): void {
    const [gone] = this.waiting.splice(index % Math.max(1, this.waiting.length), 1)
    if (gone !== undefined) this.dropped.push(gone)
  }
  isAnywhere(hash: Hex): boolean {
    return this.waiting.some((each) => each.hash === hash) || this.mined.some((each) => each.hash === hash)
  }
}
