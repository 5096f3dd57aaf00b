import { apportion } from '@/lib/core/numbers/apportion'
import { formatTenths } from '@/lib/core/numbers/format'

const tenthsOfWhole = 1000

/** Weights of a whole in percent with one decimal each; what is shown sums to exactly 100.0 (largest remainder). */
export function formatWeights(weightsBps: readonly number[]): readonly string[] {
  if (weightsBps.every((bps) => bps === 0)) return weightsBps.map(formatTenths)
  return apportion(
    weightsBps.map((bps) => BigInt(bps)),
    tenthsOfWhole,
  ).map(formatTenths)
}
