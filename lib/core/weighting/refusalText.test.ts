import { describe, expect, test } from 'vitest'
import { toRefusalText } from './refusalText'
import type { WeightRefusal } from './scheme'

const bannedWords = /\b(recommended|best|optimal|should|guaranteed)\b/i

/** Each kind once: a kind that is missing here does not compile. */
const refusals: { readonly [Kind in WeightRefusal['kind']]: Extract<WeightRefusal, { kind: Kind }> } = {
  noAssets: { kind: 'noAssets' },
  duplicateAsset: { kind: 'duplicateAsset', assetId: 'ETH' },
  noStableAsset: { kind: 'noStableAsset', stableShareBps: 2000 },
  onlyStableAssets: { kind: 'onlyStableAssets', stableShareBps: 2000 },
  floorAboveCap: { kind: 'floorAboveCap', floorBps: 3000, capBps: 2500 },
  capBelowEqual: { kind: 'capBelowEqual', capBps: 2000, leastCapBps: 2500, assetCount: 4 },
  floorsAboveRoom: { kind: 'floorsAboveRoom', floorBps: 3000, mostFloorBps: 2500, assetCount: 4 },
  missingGivenWeight: { kind: 'missingGivenWeight', assetIds: ['ETH'] },
  zeroGivenWeights: { kind: 'zeroGivenWeights', assetIds: ['ETH'], unplacedBps: 100 },
  missingMarketCap: { kind: 'missingMarketCap', assetIds: ['ETH', 'UNI', 'LINK'] },
  tooLittleHistory: { kind: 'tooLittleHistory', observationCount: 20, leastCount: 90 },
  missingVolatility: { kind: 'missingVolatility', assetIds: ['ETH'] },
  zeroVolatility: { kind: 'zeroVolatility', assetIds: ['DAI'] },
  missingCovariance: { kind: 'missingCovariance' },
  covarianceShape: { kind: 'covarianceShape', assetCount: 1 },
  covarianceEntry: { kind: 'covarianceEntry', assetIds: ['ETH', 'UNI'] },
  covarianceNotPositiveDefinite: { kind: 'covarianceNotPositiveDefinite', assetId: 'WBTC' },
  risksUnequal: { kind: 'risksUnequal' },
}

describe('toRefusalText', () => {
  test('default', () => {
    expect(toRefusalText(refusals.capBelowEqual)).toBe(
      'A cap of 20 % is below equal weights of 4 assets. Raise it to 25 % or more, or add assets.',
    )
    expect(toRefusalText(refusals.missingMarketCap)).toContain('ETH, UNI and LINK')
  })

  test('behaviour: every refusal says what stands against it and what to change, and gives no advice', () => {
    for (const refusal of Object.values(refusals)) {
      const text = toRefusalText(refusal)
      expect(text).toMatch(/^[^.]+\. (Add|Keep|Set|Lower|Raise|Enter|Choose|Give|Correct|Remove) [^.]+\.$/)
      expect(text).not.toMatch(bannedWords)
    }
  })
})
