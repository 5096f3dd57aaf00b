import { assertNever } from '../units'
import type { WeightRefusal } from './scheme'

const percent = (bps: number) => `${bps / 100} %`
const join = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
const count = (assets: number) => (assets === 1 ? '1 asset' : `${assets} assets`)

/** A refusal in words: what stands against the proposal, then what to change. */
export function toRefusalText(reason: WeightRefusal): string {
  switch (reason.kind) {
    case 'noAssets':
      return 'There is nothing to weigh. Add an asset.'
    case 'duplicateAsset':
      return `${reason.assetId} stands more than once. Keep one entry.`
    case 'noStableAsset':
      return `${percent(reason.stableShareBps)} is set aside for stable assets, and there are none. Add one, or set the share to 0 %.`
    case 'onlyStableAssets':
      return `All assets are stable, and their share is ${percent(reason.stableShareBps)}. Set it to 100 %, or add another asset.`
    case 'floorAboveCap':
      return `The floor of ${percent(reason.floorBps)} is above the cap of ${percent(reason.capBps)}. Lower the floor or raise the cap.`
    case 'capBelowEqual':
      return `A cap of ${percent(reason.capBps)} is below equal weights of ${count(reason.assetCount)}. Raise it to ${percent(reason.leastCapBps)} or more, or add assets.`
    case 'floorsAboveRoom':
      return `Floors of ${percent(reason.floorBps)} for ${count(reason.assetCount)} need more than there is. Lower the floor to ${percent(reason.mostFloorBps)} or less, or remove assets.`
    case 'missingGivenWeight':
      return `No weight is given for ${join(reason.assetIds)}. Enter one of zero or more.`
    case 'zeroGivenWeights':
      return `${join(reason.assetIds)} has a given weight of zero, and the others cannot take all. Enter a weight above zero, or raise the cap.`
    case 'missingMarketCap':
      return `The market cap of ${join(reason.assetIds)} is not known. Enter one above zero, or remove the asset.`
    case 'tooLittleHistory':
      return `There are ${reason.observationCount} daily returns, and ${reason.leastCount} are needed. Choose a scheme that needs no history, or remove the youngest asset.`
    case 'missingVolatility':
      return `The volatility of ${join(reason.assetIds)} is not known. Choose a scheme that needs no history, or remove the asset.`
    case 'zeroVolatility':
      return `The price of ${join(reason.assetIds)} does not move in this history. Set it apart as a stable asset, or remove it.`
    case 'missingCovariance':
      return 'There is no covariance of these assets. Choose a scheme that needs no history, or load the history first.'
    case 'covarianceShape':
      return `The covariance is not of ${count(reason.assetCount)}. Give one row and one column for each asset.`
    case 'covarianceEntry':
      return `The covariance of ${join(reason.assetIds)} is missing, or differs across the diagonal. Correct it.`
    case 'covarianceNotPositiveDefinite':
      return `The covariance is not positive definite: in this history ${reason.assetId} does what other assets do together. Remove it, take a longer history, or shrink the covariance.`
    case 'risksUnequal':
      return 'No weights within these limits share the risk equally. Lower the floor, raise the cap, or remove an asset that moves against another.'
    default:
      return assertNever(reason)
  }
}
