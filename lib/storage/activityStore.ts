import * as v from 'valibot'
import { compareNewestFirst, type Receipt, replacesReceipt } from '@/lib/core/activity/receipt'
import { type Address, type Hex, toBps, toUsd } from '@/lib/core/units'
import { type AccountOnChain, toAccountKey } from './accountStores'
import { browserStorage } from './browserStorage'
import { createStore, type SaveOutcome, type Store, storagePrefix } from './createStore'

/** What a device remembers of an account's rebalances on a chain. */
export type Activity = {
  /** The newest first. */
  readonly receipts: readonly Receipt[]
  /** Entries that are damaged or of another version. They are left as they are. */
  readonly unreadableCount: number
}

/** The receipts of an account on a chain. No method throws. */
export type ActivityStore = {
  /** The same object as before while nothing changed, so that React can compare it. */
  read(): Activity
  /**
   * Keeps a receipt, once for each transaction: the one that is there already stays unless the new one knows more. The oldest beyond
   * {@link maxReceipts} go.
   */
  record(receipt: Receipt): SaveOutcome
  /** Calls back after each change, also from another tab. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** How many receipts are kept for an account on a chain. */
export const maxReceipts = 200

const latestSeconds = 8.64e12
const text = v.pipe(v.string(), v.maxLength(64))
const txHash = v.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const address = v.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const seconds = v.pipe(count, v.maxValue(latestSeconds))
const whole = v.pipe(v.number(), v.safeInteger())
const amount = v.pipe(v.bigint(), v.minValue(0n))
const usd = v.pipe(amount, v.transform(toUsd))
const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000), v.transform(toBps))
const unknown = v.literal('unknown')
const position = v.object({
  assetId: text,
  beforeAmount: amount,
  beforeUsd: usd,
  beforeBps: bps,
  afterAmount: v.union([amount, unknown]),
  afterUsd: v.union([usd, unknown]),
  afterBps: v.union([bps, unknown]),
})

const schema: v.GenericSchema<unknown, Receipt> = v.object({
  chainId: count,
  account: address,
  txHash,
  planned: v.object({ blockNumber: amount, timestamp: seconds }),
  included: v.object({ blockNumber: amount, timestamp: v.union([seconds, unknown]) }),
  latencyBlocks: v.bigint(),
  rung: v.picklist(['atomicBatch', 'approveThenSwap']),
  router: v.picklist(['swapRouter02', 'universalRouter']),
  assets: v.array(
    v.object({
      assetId: text,
      decimals: v.pipe(count, v.maxValue(255)),
      priceUsd: v.union([usd, unknown]),
    }),
  ),
  legs: v.pipe(
    v.array(
      v.object({
        sell: text,
        buy: text,
        amountIn: amount,
        quoted: amount,
        minimum: v.exactOptional(amount),
        received: v.union([amount, unknown]),
        oracleMid: v.union([amount, unknown]),
        gasUnits: amount,
      }),
    ),
    v.minLength(1),
  ),
  spendings: v.array(v.object({ assetId: text, token: address, amount })),
  purchases: v.array(
    v.object({
      assetId: text,
      token: address,
      quoted: amount,
      minimum: amount,
      received: v.union([amount, unknown]),
    }),
  ),
  positions: v.array(position),
  beforeUsd: usd,
  afterUsd: v.union([usd, unknown]),
  gas: v.object({ units: amount, paid: amount }),
  cost: v.object({
    feeUsd: usd,
    impactUsd: v.union([v.bigint(), unknown]),
    gasUsd: v.union([usd, unknown]),
    totalUsd: v.union([v.bigint(), unknown]),
    totalCentiBps: v.union([whole, unknown]),
  }),
})

const version = 1
const stores = new Map<string, ActivityStore>()

/**
 * The receipts of an account on a chain. Each is an entry of its own, named by its transaction: what damages one leaves the others,
 * and two tabs that record at once cannot lose each other's.
 */
export function activityStore(of: AccountOnChain): ActivityStore {
  const key = toAccountKey('activity', of)
  const known = stores.get(key)
  if (known !== undefined) return known
  const made = createActivityStore(`${key}.`, of)
  stores.set(key, made)
  return made
}

function createActivityStore(prefix: string, { account, chainId }: AccountOnChain): ActivityStore {
  const entries = new Map<string, Store<Receipt>>()
  const listeners = new Set<() => void>()
  /** What the browser did not keep: it holds until the page closes. */
  const held = new Set<string>()
  let last: Activity = { receipts: [], unreadableCount: 0 }

  const entryOf = (hash: string): Store<Receipt> => {
    const known = entries.get(hash)
    if (known !== undefined) return known
    const made = createStore({ key: prefix + hash, version, schema })
    entries.set(hash, made)
    return made
  }

  const isOwn = (receipt: Receipt, hash: string) =>
    receipt.txHash === hash && receipt.chainId === chainId && receipt.account.toLowerCase() === account.toLowerCase()

  const readEntry = (hash: string) => {
    const receipt = entryOf(hash).read()
    return receipt !== undefined && isOwn(receipt, hash) ? receipt : undefined
  }

  const list = (): Activity => {
    const listed = listEntries(storagePrefix + prefix)
    const receipts = [...new Set([...listed, ...held])].flatMap((hash) => readEntry(hash) ?? [])
    return {
      receipts: receipts.sort(compareNewestFirst),
      unreadableCount: listed.filter((hash) => readEntry(hash) === undefined).length,
    }
  }

  const dropOldest = () => {
    for (const { txHash: hash } of list().receipts.slice(maxReceipts)) {
      entryOf(hash).clear()
      held.delete(hash)
    }
  }

  return {
    read() {
      const now = list()
      if (!isSame(now, last)) last = now
      return last
    },
    record(receipt) {
      const { txHash: hash } = receipt
      const kept = readEntry(hash)
      if (kept !== undefined && !replacesReceipt(receipt, kept)) return held.has(hash) ? 'heldInMemory' : 'saved'
      const outcome = entryOf(hash).save(receipt)
      if (outcome === 'heldInMemory') held.add(hash)
      else held.delete(hash)
      dropOldest()
      for (const listener of listeners) listener()
      return outcome
    },
    subscribe(listener) {
      listeners.add(listener)
      // `storage` events come from other tabs only; a missing key means that all was cleared.
      const onStorage = (event: StorageEvent) => {
        if (event.key === null || event.key.startsWith(storagePrefix + prefix)) listener()
      }
      globalThis.addEventListener?.('storage', onStorage as EventListener)
      return () => {
        listeners.delete(listener)
        globalThis.removeEventListener?.('storage', onStorage as EventListener)
      }
    },
  }
}

/** What follows a prefix in the keys of the browser's storage; nothing where it keeps none. */
function listEntries(prefix: string): readonly string[] {
  try {
    const storage = browserStorage()
    if (storage === undefined) return []
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index))
    return keys.flatMap((key) => (key?.startsWith(prefix) ? [key.slice(prefix.length)] : []))
  } catch {
    return []
  }
}

function isSame(a: Activity, b: Activity): boolean {
  return (
    a.unreadableCount === b.unreadableCount &&
    a.receipts.length === b.receipts.length &&
    a.receipts.every((receipt, index) => receipt === b.receipts[index])
  )
}
