import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '@/lib/testing/runs'
import { toTargets } from '../targets'
import { toBps } from '../units'
import { proposeWeights } from './proposeWeights'
import { type WeighedAsset, type WeightingOptions, type WeightProposal, weightingSchemes } from './scheme'

const unlimited = { capBps: toBps(10_000), floorBps: toBps(0) }

const market: readonly WeighedAsset[] = [
  { assetId: 'BTC', isStable: false, marketCapUsd: 1600, volatility: 0.4, givenWeight: 3 },
  { assetId: 'ETH', isStable: false, marketCapUsd: 400, volatility: 0.6, givenWeight: 2 },
  { assetId: 'LINK', isStable: false, marketCapUsd: 100, volatility: 0.8, givenWeight: 0 },
]
const covariance = [
  [0.16, 0.192, 0.16],
  [0.192, 0.36, 0.288],
  [0.16, 0.288, 0.64],
]
const usdc: WeighedAsset = { assetId: 'USDC', isStable: true, marketCapUsd: 50, volatility: 0.005, givenWeight: 5 }
const dai: WeighedAsset = { assetId: 'DAI', isStable: true }

const weightsOf = (proposal: WeightProposal) =>
  proposal.status === 'proposed' ? proposal.weights.map(({ weightBps }) => weightBps) : proposal.reason
const reasonOf = (proposal: WeightProposal) => (proposal.status === 'infeasible' ? proposal.reason : proposal.weights)

describe('proposeWeights', () => {
  test('default: by market cap, in the order of the assets, with its date', () => {
    expect(proposeWeights('marketCap', market, { ...unlimited, asOfSeconds: 1_700_000_000 })).toEqual({
      status: 'proposed',
      scheme: 'marketCap',
      asOfSeconds: 1_700_000_000,
      weights: [
        { assetId: 'BTC', weightBps: 7619 },
        { assetId: 'ETH', weightBps: 1905 },
        { assetId: 'LINK', weightBps: 476 },
      ],
    })
  })

  test('behaviour: each scheme', () => {
    const options = { ...unlimited, covariance }
    expect(weightsOf(proposeWeights('equal', market, options))).toEqual([3334, 3333, 3333])
    expect(weightsOf(proposeWeights('given', market, options))).toEqual([6000, 4000, 0])
    // 40 : 20 : 10
    expect(weightsOf(proposeWeights('squareRootMarketCap', market, options))).toEqual([5714, 2857, 1429])
    // 1/4 : 1/6 : 1/8 = 6 : 4 : 3
    expect(weightsOf(proposeWeights('inverseVolatility', market, options))).toEqual([4615, 3077, 2308])
    expect(weightsOf(proposeWeights('minimumVariance', market, options))).toEqual([10_000, 0, 0])
    expect(weightsOf(proposeWeights('equalRisk', market, options))).toEqual([4597, 2938, 2465])
  })

  test('behaviour: volatilities that are not given are those of the covariance', () => {
    const bare = market.map(({ assetId, isStable }) => ({ assetId, isStable }))
    expect(weightsOf(proposeWeights('inverseVolatility', bare, { ...unlimited, covariance }))).toEqual([
      4615, 3077, 2308,
    ])
  })

  test('behaviour: a cap hands on in proportion, to the basis point', () => {
    expect(weightsOf(proposeWeights('marketCap', market, { ...unlimited, capBps: toBps(5000) }))).toEqual([
      5000, 4000, 1000,
    ])
    expect(weightsOf(proposeWeights('marketCap', market, { ...unlimited, capBps: toBps(3334) }))).toEqual([
      3334, 3334, 3332,
    ])
    expect(weightsOf(proposeWeights('marketCap', market, { ...unlimited, floorBps: toBps(1000) }))).toEqual([
      7200, 1800, 1000,
    ])
  })

  test('behaviour: stable assets take their share first, equally, beyond cap and floor; the covariance keeps its order', () => {
    const assets = [usdc, ...market, dai]
    const wide = [[0, 0, 0, 0, 0], ...covariance.map((row) => [0, ...row, 0]), [0, 0, 0, 0, 0]]
    const options = { capBps: toBps(2500), floorBps: toBps(0), stableShareBps: toBps(4001), covariance: wide }
    expect(weightsOf(proposeWeights('minimumVariance', assets, options))).toEqual([2000, 2500, 2500, 999, 2001])
    expect(weightsOf(proposeWeights('equal', assets, { ...unlimited, stableShareBps: toBps(10_000) }))).toEqual([
      5000, 0, 0, 0, 5000,
    ])
    expect(weightsOf(proposeWeights('equal', assets, { ...unlimited, stableShareBps: toBps(0) }))).toEqual([
      0, 3334, 3333, 3333, 0,
    ])
    expect(
      weightsOf(proposeWeights('equalRisk', assets, { ...options, ...unlimited, stableShareBps: toBps(10_000) })),
    ).toEqual([5000, 0, 0, 0, 5000])
  })

  test('behaviour: without a share stable assets are weighed like all others', () => {
    expect(weightsOf(proposeWeights('given', [...market, usdc], unlimited))).toEqual([3000, 2000, 0, 5000])
  })

  test('behaviour: what cannot be proposed says what to change', () => {
    const [btc = usdc, eth = usdc, link = usdc] = market
    const propose = (
      scheme: (typeof weightingSchemes)[number],
      assets: readonly WeighedAsset[],
      options: Partial<WeightingOptions> = {},
    ) => reasonOf(proposeWeights(scheme, assets, { ...unlimited, ...options }))

    expect(propose('equal', [])).toEqual({ kind: 'noAssets' })
    expect(propose('equal', [btc, eth, btc])).toEqual({ kind: 'duplicateAsset', assetId: 'BTC' })
    expect(propose('equal', market, { stableShareBps: toBps(2000) })).toEqual({
      kind: 'noStableAsset',
      stableShareBps: 2000,
    })
    expect(propose('equal', [usdc], { stableShareBps: toBps(0) })).toEqual({
      kind: 'onlyStableAssets',
      stableShareBps: 0,
    })
    expect(propose('equal', market, { capBps: toBps(3333) })).toEqual({
      kind: 'capBelowEqual',
      capBps: 3333,
      leastCapBps: 3334,
      assetCount: 3,
    })
    expect(propose('equal', market, { floorBps: toBps(3334) })).toEqual({
      kind: 'floorsAboveRoom',
      floorBps: 3334,
      mostFloorBps: 3333,
      assetCount: 3,
    })
    expect(propose('equal', market, { floorBps: toBps(3000), capBps: toBps(2000) })).toMatchObject({
      kind: 'floorAboveCap',
    })
    expect(propose('given', [btc, { ...eth, givenWeight: Number.NaN }, dai])).toEqual({
      kind: 'missingGivenWeight',
      assetIds: ['DAI', 'ETH'],
    })
    expect(propose('given', market, { capBps: toBps(4000) })).toEqual({
      kind: 'zeroGivenWeights',
      assetIds: ['LINK'],
      unplacedBps: 2000,
    })
    expect(propose('marketCap', [btc, { ...eth, marketCapUsd: 0 }, dai])).toEqual({
      kind: 'missingMarketCap',
      assetIds: ['DAI', 'ETH'],
    })
    expect(propose('squareRootMarketCap', [dai])).toMatchObject({ kind: 'missingMarketCap' })
    expect(propose('inverseVolatility', market, { observationCount: 89 })).toEqual({
      kind: 'tooLittleHistory',
      observationCount: 89,
      leastCount: 90,
    })
    expect(propose('equalRisk', market, { observationCount: 89, covariance })).toMatchObject({
      kind: 'tooLittleHistory',
    })
    expect(propose('inverseVolatility', [btc, dai])).toEqual({ kind: 'missingVolatility', assetIds: ['DAI'] })
    expect(propose('inverseVolatility', [btc, { ...dai, volatility: 0 }])).toEqual({
      kind: 'zeroVolatility',
      assetIds: ['DAI'],
    })
    expect(propose('minimumVariance', market)).toEqual({ kind: 'missingCovariance' })
    expect(propose('minimumVariance', [btc, eth], { covariance })).toEqual({ kind: 'covarianceShape', assetCount: 2 })
    expect(
      propose('minimumVariance', [btc, link], {
        covariance: [
          [1, Number.NaN],
          [0, 1],
        ],
      }),
    ).toEqual({
      kind: 'covarianceEntry',
      assetIds: ['BTC', 'LINK'],
    })
    expect(
      propose('minimumVariance', [btc, link], {
        covariance: [
          [1, 0.2],
          [0.3, 1],
        ],
      }),
    ).toMatchObject({ kind: 'covarianceEntry' })
    expect(
      propose('minimumVariance', [btc, link], {
        covariance: [
          [1, 0],
          [0, 0],
        ],
      }),
    ).toEqual({
      kind: 'zeroVolatility',
      assetIds: ['LINK'],
    })
    expect(
      propose('equalRisk', [btc, link], {
        covariance: [
          [1, 2],
          [2, 4],
        ],
      }),
    ).toEqual({
      kind: 'covarianceNotPositiveDefinite',
      assetId: 'LINK',
    })
    expect(
      propose('equalRisk', [btc, link], {
        covariance: [
          [1, 0],
          [0, -4],
        ],
      }),
    ).toEqual({
      kind: 'covarianceNotPositiveDefinite',
      assetId: 'LINK',
    })
    expect(
      propose('equalRisk', market, {
        covariance: [
          [1, -0.09, 0],
          [-0.09, 0.01, 0],
          [0, 0, 0.01],
        ],
        floorBps: toBps(3000),
      }),
    ).toEqual({ kind: 'risksUnequal' })
  })

  const scenario = fc.integer({ min: 1, max: 12 }).chain((count) => {
    const each = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: count, maxLength: count })
    return fc
      .record({
        caps: each(fc.double({ min: 0, max: 12, noNaN: true })),
        given: each(fc.integer({ min: 1, max: 10_000 })),
        stable: each(fc.boolean()),
        loadings: each(fc.double({ min: -1, max: 1, noNaN: true })),
        own: each(fc.double({ min: -2, max: 0, noNaN: true })),
        scheme: fc.constantFrom(...weightingSchemes),
        capBps: fc.integer({ min: 0, max: 10_000 }),
        floorBps: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 })),
        stableShareBps: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
      })
      .map((drawn) => ({
        scheme: drawn.scheme,
        assets: drawn.caps.map(
          (cap, at): WeighedAsset => ({
            assetId: `T${at}`,
            isStable: drawn.stable[at] as boolean,
            marketCapUsd: 10 ** cap,
            givenWeight: drawn.given[at] as number,
          }),
        ),
        options: {
          capBps: toBps(drawn.capBps),
          floorBps: toBps(drawn.floorBps),
          ...(drawn.stableShareBps === undefined ? {} : { stableShareBps: toBps(drawn.stableShareBps) }),
          covariance: drawn.loadings.map((a, i) =>
            drawn.loadings.map((b, j) => a * b + (i === j ? 10 ** (drawn.own[i] as number) : 0)),
          ),
        } satisfies WeightingOptions,
      }))
  })

  test('property: a proposal is a set of targets within cap and floor, the stable share to the basis point', () => {
    let proposedCount = 0
    fc.assert(
      fc.property(scenario, ({ scheme, assets, options }) => {
        const proposal = proposeWeights(scheme, assets, options)
        if (proposal.status !== 'proposed') return
        proposedCount += 1
        const ids = assets.map(({ assetId }) => assetId)
        expect(toTargets(proposal.weights, ids).weights.map(({ assetId }) => assetId)).toEqual(ids)
        let stableBps = 0
        for (const [at, { weightBps }] of proposal.weights.entries()) {
          const isApart = assets[at]?.isStable && options.stableShareBps !== undefined
          if (isApart) stableBps += weightBps
          else {
            expect(weightBps).toBeLessThanOrEqual(options.capBps)
            expect(weightBps).toBeGreaterThanOrEqual(options.floorBps)
          }
        }
        expect(stableBps).toBe(options.stableShareBps ?? 0)
      }),
      { numRuns: runs(1000) },
    )
    expect(proposedCount).toBeGreaterThan(100)
  })

  test('property: the limits that a refusal names are the first that do', () => {
    fc.assert(
      fc.property(scenario, ({ assets, options }) => {
        const reason = reasonOf(proposeWeights('equal', assets, options))
        const statusAt = (limits: Partial<WeightingOptions>) =>
          proposeWeights('equal', assets, { ...options, ...limits }).status
        if (!('kind' in reason)) return
        if (reason.kind === 'capBelowEqual') {
          expect(statusAt({ capBps: toBps(reason.leastCapBps) })).toBe('proposed')
          expect(statusAt({ capBps: toBps(reason.leastCapBps - 1) })).toBe('infeasible')
        }
        if (reason.kind === 'floorsAboveRoom') {
          expect(statusAt({ floorBps: toBps(reason.mostFloorBps) })).toBe('proposed')
          expect(statusAt({ floorBps: toBps(reason.mostFloorBps + 1) })).toBe('infeasible')
        }
      }),
    )
  })

  test('property: the order of the assets does not change any weight', () => {
    const turned = scenario.chain((drawn) =>
      fc
        .shuffledSubarray(
          drawn.assets.map((_, at) => at),
          { minLength: drawn.assets.length },
        )
        .map((order) => ({ drawn, order })),
    )
    fc.assert(
      fc.property(turned, ({ drawn: { scheme, assets, options }, order }) => {
        const straight = proposeWeights(scheme, assets, options)
        const shuffled = proposeWeights(
          scheme,
          order.map((at) => assets[at] as WeighedAsset),
          { ...options, covariance: order.map((i) => order.map((j) => options.covariance[i]?.[j] as number)) },
        )
        if (straight.status === 'infeasible' || shuffled.status === 'infeasible') {
          expect(shuffled).toEqual(straight)
          return
        }
        expect(shuffled.weights).toEqual(order.map((at) => straight.weights[at]))
      }),
    )
  })

  test('property: the unit of market caps, given weights and covariance does not matter', () => {
    fc.assert(
      fc.property(scenario, fc.integer({ min: -40, max: 40 }), ({ scheme, assets, options }, power) => {
        // Powers of four scale without rounding, also under a square root.
        const scale = 4 ** power
        const scaled = assets.map((asset) => ({
          ...asset,
          marketCapUsd: (asset.marketCapUsd as number) * scale,
          givenWeight: (asset.givenWeight as number) * scale,
        }))
        const scaledOptions = {
          ...options,
          covariance: options.covariance.map((row) => row.map((entry) => entry * scale)),
        }
        expect(proposeWeights(scheme, scaled, scaledOptions)).toEqual(proposeWeights(scheme, assets, options))
      }),
    )
  })
})
