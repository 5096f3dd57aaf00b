import * as v from 'valibot'
import { mostDays } from '@/lib/core/triggers/calendar'
import type { KeptMemory } from '@/lib/core/triggers/judgePortfolio'
import type { Threshold } from '@/lib/core/triggers/rule'
import type { TriggerSettings } from '@/lib/core/triggers/triggerSettings'
import { bpsWhole, toBps } from '@/lib/core/units'
import { type AccountOnChain, toAccountKey } from './accountStores'
import { createStore, type Store } from './createStore'

const maxAssets = 500
const latestSeconds = 8.64e12
const assetId = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bpsWhole), v.transform(toBps))
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(latestSeconds))
const positive = v.pipe(
  v.number(),
  v.finite(),
  v.check((value) => value > 0),
)

const thresholdSchema: v.GenericSchema<unknown, Threshold> = v.variant('kind', [
  v.object({ kind: v.literal('absolute'), triggerBps: bps }),
  v.object({ kind: v.literal('relative'), shareBps: bps, leastBps: bps }),
  v.object({ kind: v.literal('volatilityScaled'), deviations: positive, horizonDays: positive, leastBps: bps }),
])

const settingsSchema: v.GenericSchema<unknown, TriggerSettings> = v.object({
  band: v.exactOptional(
    v.variant('kind', [
      v.object({ kind: v.literal('threshold'), threshold: thresholdSchema }),
      v.object({ kind: v.literal('costAware'), riskAversion: v.picklist(['cautious', 'normal', 'relaxed']) }),
    ]),
  ),
  calendar: v.exactOptional(
    v.object({
      everyDays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostDays)),
      startSeconds: seconds,
    }),
  ),
  isNotifying: v.boolean(),
})

const memorySchema: v.GenericSchema<unknown, KeptMemory> = v.object({
  mark: v.pipe(v.string(), v.maxLength(16)),
  memory: v.object({
    assets: v.pipe(
      v.array(v.object({ assetId, status: v.picklist(['fired', 'resting']), side: v.picklist(['above', 'below']) })),
      v.maxLength(maxAssets),
    ),
    actedSeconds: v.exactOptional(seconds),
    toldDateSeconds: v.exactOptional(seconds),
  }),
})

/** What is kept of an account's triggers on a chain. */
export type TriggerStores = { readonly settings: Store<TriggerSettings>; readonly memory: Store<KeptMemory> }

const stores = new Map<string, TriggerStores>()

/**
 * What a person asked to be told of for an account on a chain, and what was said already. What is damaged or of another version reads as
 * nothing: then nothing is asked for, or it is said once more.
 */
export function triggerStores(of: AccountOnChain): TriggerStores {
  const key = toAccountKey('triggers', of)
  const known = stores.get(key)
  if (known !== undefined) return known
  const made: TriggerStores = {
    settings: createStore({ key, version: 1, schema: settingsSchema }),
    memory: createStore({ key: toAccountKey('triggerMemory', of), version: 1, schema: memorySchema }),
  }
  stores.set(key, made)
  return made
}
