import { describe, expect, test } from 'vitest'
import type { KeptMemory } from '@/lib/core/triggers/judgePortfolio'
import type { TriggerSettings } from '@/lib/core/triggers/triggerSettings'
import { toBps } from '@/lib/core/units'
import { storagePrefix } from './createStore'
import { triggerStores } from './triggerStore'

const held = new Map<string, string>()
Object.defineProperty(globalThis, 'localStorage', {
  configurable: true,
  value: {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => held.set(key, text),
    removeItem: (key: string) => held.delete(key),
  },
})

const of = { account: '0x00000000000000000000000000000000000000Aa', chainId: 31337 } as const
const settings: TriggerSettings = {
  band: {
    kind: 'threshold',
    threshold: { kind: 'volatilityScaled', deviations: 1.5, horizonDays: 30, leastBps: toBps(50) },
  },
  calendar: { everyDays: 30, startSeconds: 1_760_000_000 },
  isNotifying: true,
}
const kept: KeptMemory = {
  mark: '1f',
  memory: { assets: [{ assetId: 'ETH', status: 'fired', side: 'above' }], actedSeconds: 5, toldDateSeconds: 60 },
}
const keyOf = (name: string) => `${storagePrefix}${name}.31337.${of.account.toLowerCase()}`

describe('triggerStores', () => {
  test('default: gives back what was saved, for the account in any case', () => {
    const stores = triggerStores(of)
    expect(stores.settings.save(settings)).toBe('saved')
    expect(stores.memory.save(kept)).toBe('saved')
    const same = triggerStores({ ...of, account: '0x00000000000000000000000000000000000000aA' })
    expect(same.settings.read()).toEqual(settings)
    expect(same.memory.read()).toEqual(kept)
    expect(triggerStores({ ...of, chainId: 1 }).settings.read()).toBeUndefined()
  })

  test.each([
    { ...settings, calendar: { everyDays: 0, startSeconds: 1 } },
    { ...settings, calendar: { everyDays: 1.5, startSeconds: 1 } },
    { ...settings, band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: -1 } } },
    { ...settings, band: { kind: 'costAware', riskAversion: 'reckless' } },
    { band: settings.band },
    'text',
  ])('behaviour: damaged settings read as none: %j', (value) => {
    held.set(keyOf('triggers'), JSON.stringify({ version: 1, value }))
    expect(triggerStores(of).settings.read()).toBeUndefined()
  })

  test('behaviour: a damaged memory reads as none', () => {
    const value = { ...kept, memory: { assets: [{ assetId: 'ETH', status: 'asleep', side: 'above' }] } }
    held.set(keyOf('triggerMemory'), JSON.stringify({ version: 1, value }))
    expect(triggerStores(of).memory.read()).toBeUndefined()
  })
})
