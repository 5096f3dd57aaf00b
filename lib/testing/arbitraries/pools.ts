import fc from 'fast-check'
import type { ConcentratedPool, ConstantProductPool, Pool, SingletonPool } from '@/lib/core/snapshot'
import { buildAsset } from '../builders/assets'
import { buildConcentratedPool, buildConstantProductPool, buildSingletonPool, type PoolSide } from '../builders/pools'

const micros = fc.bigInt({ min: 10_000n, max: 100_000_000_000n })
const depthUsd = fc.bigInt({ min: 1_000n, max: 100_000_000n })

/** Two assets at random prices with 6, 8 or 18 decimals. */
export const sidesArbitrary: fc.Arbitrary<readonly [PoolSide, PoolSide]> = fc
  .tuple(micros, micros, fc.constantFrom(6, 8, 18), fc.constantFrom(6, 8, 18))
  .map(([microsA, microsB, decimalsA, decimalsB]) => [
    { asset: buildAsset('AAA', { decimals: decimalsA }), micros: microsA },
    { asset: buildAsset('BBB', { decimals: decimalsB }), micros: microsB },
  ])

/** A v2 pair of any depth. */
export const constantProductArbitrary: fc.Arbitrary<ConstantProductPool> = fc
  .record({ sides: sidesArbitrary, depthUsd })
  .map(buildConstantProductPool)

const ranges = fc
  .record({
    sides: sidesArbitrary,
    feePips: fc.constantFrom(100 as const, 500 as const, 3000 as const, 10000 as const),
    full: depthUsd,
    nested: fc.array(fc.record({ halfWidthSpacings: fc.integer({ min: 1, max: 600 }), depthUsd }), { maxLength: 5 }),
  })
  .map(({ full, nested, ...rest }) => ({
    ...rest,
    bands: [{ halfWidthSpacings: 900_000, depthUsd: full }, ...nested],
  }))

/** A v3 pool of any fee tier: the full range, and up to five nested positions around the price. */
export const concentratedArbitrary: fc.Arbitrary<ConcentratedPool> = ranges.map(buildConcentratedPool)

const protocolFee = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000 }))

/** A v4 pool as {@link concentratedArbitrary}, with any fee of the protocol in either direction. */
export const singletonArbitrary: fc.Arbitrary<SingletonPool> = fc
  .tuple(ranges, fc.tuple(protocolFee, protocolFee))
  .map(([request, protocolFeePips]) => buildSingletonPool({ ...request, protocolFeePips }))

/** Any pool. */
export const poolArbitrary: fc.Arbitrary<Pool> = fc.oneof(
  constantProductArbitrary,
  concentratedArbitrary,
  singletonArbitrary,
)
