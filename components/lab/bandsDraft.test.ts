import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { checkPolicy } from '@/lib/core/policy/checkPolicy'
import { toTargets } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { defaultSettings } from '@/lib/hooks/useSettings'
import { toBandRows } from './bandRows'
import { composeBandsDraft } from './bandsDraft'
import type { LabInput } from './labDraft'

const input: LabInput = {
  targets: [
    { id: 'ETH', weightBps: 5000 },
    { id: 'LINK', weightBps: 100 },
    { id: 'USDC', weightBps: 4900 },
  ],
  totalUsd: 10_000,
  riskAversion: 3,
  feeBps: 30,
  gasUsd: 2,
}
const rows = toBandRows(input, undefined, defaultSettings)

describe('composeBandsDraft', () => {
  test('default', () => {
    const { settings, changes, leftIds } = composeBandsDraft(defaultSettings, rows, ['ETH', 'LINK', 'USDC'])
    expect(changes.map(({ id, wasBandBps }) => [id, wasBandBps])).toEqual([
      ['ETH', 50],
      ['USDC', 50],
    ])
    expect(leftIds).toEqual(['LINK'])
    expect(settings.policy).toMatchObject({ scope: 'outOfBand', destination: 'edge' })
    for (const { bandBps, edgeBps } of changes) expect(edgeBps).toBeLessThan(bandBps)
    const policy = settings.policy
    if (policy === undefined) throw new Error('a policy')
    const targets = toTargets(
      input.targets.map(({ id, weightBps }) => ({ assetId: id, weightBps })),
      input.targets.map(({ id }) => id),
    )
    expect(checkPolicy({ targets, settings, assets: localDeployment.assets })).toEqual([])
    expect(policy.rules.map(({ assetId }) => assetId)).toEqual(['ETH', 'USDC'])
  })

  test('behaviour: what else was laid down stays', () => {
    const policy = {
      scope: 'everything',
      destination: 'target',
      rules: [
        { assetId: 'ETH', participation: 'buyOnly', maximumBps: toBps(6000) },
        { assetId: 'WBTC', participation: 'locked' },
      ],
      turnoverCapBps: toBps(1000),
    } as const
    const { settings } = composeBandsDraft({ ...defaultSettings, policy }, rows, ['ETH', 'USDC'])
    expect(settings.policy?.turnoverCapBps).toBe(1000)
    expect(settings.policy?.rules).toMatchObject([
      { assetId: 'WBTC', participation: 'locked' },
      { assetId: 'ETH', participation: 'buyOnly', maximumBps: 6000 },
      { assetId: 'USDC', participation: 'free' },
    ])
  })
})
