import { type AssetRule, openPolicy, type PlanPolicy } from '@/lib/core/policy/policy'
import type { PlanSettings } from '@/lib/core/targets'
import { bpsWhole, toBps } from '@/lib/core/units'
import type { BandRow } from './bandRows'

/** What would change of one asset's rule, in basis points. */
export type BandChange = {
  readonly id: string
  readonly bandBps: number
  readonly edgeBps: number
  readonly wasBandBps: number
}

/** Settings with the bands in them, and what changes. */
export type BandsDraft = {
  readonly settings: PlanSettings
  readonly changes: readonly BandChange[]
  /** Assets whose band is left as it is, since there is none to be had. */
  readonly leftIds: readonly string[]
}

/** Puts bands into settings: each asset its own band and edge, and the edge as the destination. Nothing is saved by it. */
export function composeBandsDraft(
  settings: PlanSettings,
  rows: readonly BandRow[],
  knownIds: readonly string[],
): BandsDraft {
  const policy: PlanPolicy = settings.policy ?? openPolicy
  const able = rows.flatMap(({ id, band }) => (band.status === 'band' && knownIds.includes(id) ? [{ id, band }] : []))
  const changes = able.map(({ id, band }): BandChange => {
    const rule = policy.rules.find(({ assetId }) => assetId === id)
    const bandBps = Math.max(1, Math.round(band.trigger * bpsWhole))
    const edgeBps = Math.min(bandBps, Math.floor(band.destination * bpsWhole))
    return { id, bandBps, edgeBps, wasBandBps: rule?.bandBps ?? settings.bandBps }
  })
  const ruled = new Set(changes.map(({ id }) => id))
  const rules = changes.map(({ id, bandBps, edgeBps }): AssetRule => {
    const rule = policy.rules.find(({ assetId }) => assetId === id)
    return { participation: 'free', ...rule, assetId: id, bandBps: toBps(bandBps), edgeBps: toBps(edgeBps) }
  })
  return {
    settings: {
      ...settings,
      policy: {
        ...policy,
        destination: 'edge',
        scope: 'outOfBand',
        rules: [...policy.rules.filter(({ assetId }) => !ruled.has(assetId)), ...rules],
      },
    },
    changes,
    leftIds: rows.filter(({ id }) => !ruled.has(id)).map(({ id }) => id),
  }
}
