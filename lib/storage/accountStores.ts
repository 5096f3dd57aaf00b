import * as v from 'valibot'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { type Address, bpsWhole, toBps } from '@/lib/core/units'
import { createStore, type SaveOutcome, type Store } from './createStore'
import { policySchema } from './policySchema'

/** Whose data it is, and on which chain. */
export type AccountOnChain = { readonly account: Address; readonly chainId: number }

const bpsSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bpsWhole), v.transform(toBps))

const targetsSchema: v.GenericSchema<unknown, Targets> = v.object({
  weights: v.pipe(
    v.array(v.object({ assetId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)), weightBps: bpsSchema })),
    v.check((weights) => weights.reduce((sum, { weightBps }) => sum + weightBps, 0) === bpsWhole),
    v.check((weights) => new Set(weights.map(({ assetId }) => assetId)).size === weights.length),
  ),
})

const maxSlippageBps = 100

const settingsSchema: v.GenericSchema<unknown, PlanSettings> = v.object({
  bandBps: bpsSchema,
  slippageBps: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxSlippageBps), v.transform(toBps)),
  stableSlippageBps: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxSlippageBps), v.transform(toBps)),
  nativeReserve: v.pipe(v.bigint(), v.minValue(0n)),
  policy: v.exactOptional(policySchema),
})

const stores = new Map<string, unknown>()

/** One store for each key and page, so that its last value stays the same object for all who read it. */
function storeOnce<T>(key: string, make: () => Store<T>): Store<T> {
  const known = stores.get(key) as Store<T> | undefined
  if (known !== undefined) return known
  const made = make()
  stores.set(key, made)
  return made
}

/** The key of what is kept for an account on a chain. The case of the address does not matter. */
export function toAccountKey(name: string, { account, chainId }: AccountOnChain): string {
  return `${name}.${chainId}.${account.toLowerCase()}`
}

/** The target weights of an account on a chain. */
export function targetsStore(of: AccountOnChain): Store<Targets> {
  const key = toAccountKey('targets', of)
  return storeOnce(key, () => createStore({ key, version: 1, schema: targetsSchema }))
}

/** The planning settings of an account on a chain. */
export function settingsStore(of: AccountOnChain): Store<PlanSettings> {
  const key = toAccountKey('settings', of)
  return storeOnce(key, () => createStore({ key, version: 1, schema: settingsSchema }))
}

/** Reads the targets of an account on a chain; nothing where none were saved. */
export function readTargets(of: AccountOnChain): Targets | undefined {
  return targetsStore(of).read()
}

/** Saves the targets of an account on a chain. */
export function saveTargets(of: AccountOnChain, targets: Targets): SaveOutcome {
  return targetsStore(of).save(targets)
}

/** Reads the settings of an account on a chain, or takes the given ones where none were saved. */
export function readSettings(of: AccountOnChain, fallback: PlanSettings): PlanSettings {
  return settingsStore(of).read() ?? fallback
}

/** Saves the settings of an account on a chain. */
export function saveSettings(of: AccountOnChain, settings: PlanSettings): SaveOutcome {
  return settingsStore(of).save(settings)
}
