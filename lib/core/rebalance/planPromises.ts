import type { AssetId } from '../asset'
import type { AssetReading } from '../snapshot'
import { bpsWhole } from '../units'

/** A plan that breaks one of its promises. It must not be shown or signed. */
export class UnverifiedPlanError extends Error {
  override readonly name = 'UnverifiedPlanError'
  constructor(
    /** The invariant, such as `A-14`. */
    readonly rule: string,
    readonly detail: string,
  ) {
    super(`The plan breaks ${rule}: ${detail}. Do not sign it; plan again, and report this.`)
  }
}

export const whole = BigInt(bpsWhole)
export const pipsWhole = 1_000_000n

/**
 * Ends verification where a promise does not hold.
 * @throws {UnverifiedPlanError} then.
 */
export function demand(holds: boolean, rule: string, detail: string): void {
  if (!holds) throw new UnverifiedPlanError(rule, detail)
}

/** What was read of each asset. */
export type Readings = ReadonlyMap<AssetId, AssetReading>

/** Dollars x 1e18 for one whole token, and its base units. */
export type FreshPrice = { readonly usd: bigint; readonly unit: bigint; readonly isStable: boolean }

/**
 * The price of an asset that is traded.
 * @throws {UnverifiedPlanError} when it is not fresh.
 */
export function freshPriceOf(readings: Readings, assetId: AssetId): FreshPrice {
  const reading = readings.get(assetId)
  if (reading?.price.status !== 'fresh') throw new UnverifiedPlanError('A-33', `${assetId} has no fresh price`)
  return { usd: reading.price.usd, unit: 10n ** BigInt(reading.asset.decimals), isStable: reading.asset.isStable }
}
