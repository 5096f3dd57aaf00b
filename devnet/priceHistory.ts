import { localDeployment } from '@/lib/chain/deployments/local'
import type { AssetId } from '@/lib/core/asset'
import { startPrice, toFeedAnswer } from './prices'
import { normal, seededRandom } from './seededRandom'

/** An answer of a feed that lies in the past. */
export type PastRound = {
  readonly answer: bigint
  /** Unix seconds; 0 where the aggregator has no data of the round. */
  readonly updatedAt: number
}

/** How an asset's price moves in a day: with the market (`beta`) and alone (`sigma`). */
type DailyMotion = { readonly beta: number; readonly sigma: number }

const secondsPerDay = 86_400

/** So many days of the past have a round: two years. */
export const historyDays = 730

const calmSigma = 0.024
const wildSigma = 0.042
/** A calm time turns wild, and a wild one calm, with these probabilities a day. */
const turnsWild = 0.03
const turnsCalm = 0.1
/** How often a day's own news are three times as large as usual. */
const shockRate = 0.015

const dailyMotions: Readonly<Record<AssetId, DailyMotion>> = {
  ETH: { beta: 1, sigma: 0.014 },
  WBTC: { beta: 0.7, sigma: 0.01 },
  LINK: { beta: 1.15, sigma: 0.026 },
  UNI: { beta: 1.15, sigma: 0.03 },
  AAVE: { beta: 1.2, sigma: 0.03 },
  MKR: { beta: 0.85, sigma: 0.028 },
  COMP: { beta: 1.1, sigma: 0.032 },
  CRV: { beta: 1.25, sigma: 0.04 },
  SNX: { beta: 1.25, sigma: 0.042 },
}
const otherMotion: DailyMotion = { beta: 1, sigma: 0.03 }

const stableSigma = 0.0002
/** Depegs, each beginning so many days ago: what the coin lost at first; half of that is back every day. */
const depegs: Readonly<Record<AssetId, readonly { readonly daysAgo: number; readonly loss: number }[]>> = {
  USDC: [{ daysAgo: 411, loss: 0.061 }],
  DAI: [
    { daysAgo: 411, loss: 0.052 },
    { daysAgo: 122, loss: 0.006 },
  ],
  USDT: [
    { daysAgo: 573, loss: 0.018 },
    { daysAgo: 236, loss: 0.007 },
  ],
}

/** Takes out three quarters of what moves add up to: two years of mere chance may take a price tenfold up or down. */
function holdTrend(moves: readonly number[]): readonly number[] {
  const excess = (0.75 * moves.reduce((sum, move) => sum + move, 0)) / moves.length
  return moves.map((move) => move - excess)
}

/** How far the market as a whole moved on each day, the latest first: calm times and wild ones. */
function drawMarket(random: () => number): readonly number[] {
  let isWild = false
  const moves = Array.from({ length: historyDays }, () => {
    isWild = random() < (isWild ? 1 - turnsCalm : turnsWild)
    return (isWild ? wildSigma : calmSigma) * normal(random)
  })
  return holdTrend(moves)
}

function walkBack(assetId: AssetId, market: readonly number[], random: () => number): readonly number[] {
  const { beta, sigma } = dailyMotions[assetId] ?? otherMotion
  const own = holdTrend(market.map(() => (random() < shockRate ? 3 : 1) * sigma * normal(random)))
  let price = startPrice(assetId)
  return market.map((move, index) => {
    price /= Math.exp(beta * move + (own[index] ?? 0))
    return price
  })
}

function drawStable(assetId: AssetId, random: () => number): readonly number[] {
  const lossOn = (daysAgo: number) =>
    (depegs[assetId] ?? []).reduce(
      (sum, depeg) => (daysAgo <= depeg.daysAgo ? sum + depeg.loss * 0.5 ** (depeg.daysAgo - daysAgo) : sum),
      0,
    )
  return Array.from(
    { length: historyDays },
    (_, index) => startPrice(assetId) * (1 - lossOn(index + 1)) + stableSigma * normal(random),
  )
}

/**
 * What each feed answered on the days before: one round in the last hour of each UTC day, the earliest first. The prices move together
 * and end at the start prices of the market; stable ones stay near theirs but for a few depegs. A price depends on the seed and on how many
 * days ago it was, and on nothing else.
 * @param now Unix seconds.
 */
export function composePriceHistory(seed: number, now: number): ReadonlyMap<AssetId, readonly PastRound[]> {
  const market = drawMarket(seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x51ed270b))
  const today = Math.floor(now / secondsPerDay)
  return new Map(
    localDeployment.assets.map(({ id, isStable }, position) => {
      const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(position + 1, 0x85ebca6b))
      const prices = isStable ? drawStable(id, random) : walkBack(id, market, random)
      const rounds = prices.map((price, index) => ({
        answer: toFeedAnswer(price),
        updatedAt: (today - index) * secondsPerDay - 1 - Math.floor(random() * 3_000),
      }))
      return [id, rounds.reverse()]
    }),
  )
}
