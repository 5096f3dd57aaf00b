import type { Matrix } from '../numbers/cholesky'
import { factorCholesky, multiply, solveCholesky, submatrix } from '../numbers/cholesky'
import { descendRisk, type RiskLimits, riskCurvature, riskSlope } from './riskDescent'
import type { ShareLimits } from './scheme'

type Point = { readonly risks: readonly number[]; readonly factor: number }
type Market = {
  readonly correlation: Matrix
  readonly deviations: readonly number[]
  readonly limits: RiskLimits
  readonly total: number
}

/** Contributions that differ by less, as a part of all risk, are the same. */
const contributionTolerance = 1e-10
const mostDoublings = 60
const mostHalvings = 100
const mostNewtonSteps = 20

/**
 * Equal risk within limits: the shares that minimise `x' C x / 2 - f sum ln x` between least and most, for the f at which they sum to the
 * total (Richard and Roncalli 2019). Assets at no limit contribute the same risk f; one at its most contributes at most f, one at its
 * least at least f. Undefined where no f above zero does it, as with floors on assets that move against each other.
 * @param correlation positive definite, with a diagonal of ones
 * @param deviations above zero
 * @param request where to begin: risks (deviation x share) and a factor, all above zero
 */
export function limitEqualRisk(
  correlation: Matrix,
  deviations: readonly number[],
  request: ShareLimits & Point,
): readonly number[] | undefined {
  const { total, least, most } = request
  if (most * deviations.length <= total) return deviations.map(() => most)
  if (least * deviations.length >= total) return deviations.map(() => least)
  const limits: RiskLimits = {
    least: deviations.map((deviation) => deviation * least),
    most: deviations.map((deviation) => deviation * most),
  }
  const market: Market = { correlation, deviations, limits, total }
  const found = seekFactor(market, request)
  if (!found) return undefined
  const point = [finish(market, found), found].find((candidate) => isEqualised(market, candidate))
  return point?.risks.map((risk, at) => risk / (deviations[at] as number))
}

const sizeOf = ({ deviations }: Market, risks: readonly number[]) =>
  risks.reduce((sum, risk, at) => sum + risk / (deviations[at] as number), 0)

/** Brackets the factor by powers of four, then halves the bracket in logarithms. */
function seekFactor(market: Market, { risks, factor }: Point): Point | undefined {
  const pointAt = (at: number, from: readonly number[]): Point => ({
    factor: at,
    risks: descendRisk(market.correlation, { factor: at, from, limits: market.limits }),
  })
  let point = pointAt(factor, risks)
  const isLow = sizeOf(market, point.risks) < market.total
  let other = point
  for (let count = 0; count < mostDoublings && sizeOf(market, other.risks) < market.total === isLow; count++) {
    point = other
    other = pointAt(isLow ? other.factor * 4 : other.factor / 4, other.risks)
  }
  if (sizeOf(market, other.risks) < market.total === isLow) return undefined
  let [low, high] = isLow ? [point, other] : [other, point]
  for (let count = 0; count < mostHalvings; count++) {
    const middle = Math.sqrt(low.factor * high.factor)
    if (!(middle > low.factor && middle < high.factor)) break
    const between = pointAt(middle, high.risks)
    if (sizeOf(market, between.risks) < market.total) low = between
    else high = between
  }
  return high
}

/** Newton steps on the risks of the assets at no limit and on the factor at once, the sum held at the total. */
function finish({ correlation, deviations, limits, total }: Market, from: Point): Point {
  const free = from.risks.flatMap((risk, at) =>
    risk > (limits.least[at] as number) && risk < (limits.most[at] as number) ? [at] : [],
  )
  if (free.length === 0) return from
  let { risks, factor } = from
  for (let step = 0; step < mostNewtonSteps; step++) {
    const slope = riskSlope(correlation, risks, factor)
    const factors = factorCholesky(submatrix(riskCurvature(correlation, risks, factor), free))
    if (factors.status !== 'factored') break
    const fall = solveCholesky(
      factors.lower,
      free.map((at) => -(slope[at] as number)),
    )
    const rise = solveCholesky(
      factors.lower,
      free.map((at) => 1 / (risks[at] as number)),
    )
    const inMoney = (moves: readonly number[]) =>
      moves.reduce((sum, move, row) => sum + move / (deviations[free[row] as number] as number), 0)
    const missing = total - sizeOf({ correlation, deviations, limits, total }, risks)
    const change = (missing - inMoney(fall)) / inMoney(rise)
    const next = [...risks]
    for (const [row, at] of free.entries()) {
      next[at] = (risks[at] as number) + (fall[row] as number) + change * (rise[row] as number)
    }
    risks = next
    factor += change
  }
  return { risks, factor }
}

/** Whether a point is within limits, sums to the total, and gives every asset the risk that its place asks for. */
function isEqualised(market: Market, { risks, factor }: Point): boolean {
  const { correlation, limits, total } = market
  const contributions = multiply(correlation, risks).map((value, at) => value * (risks[at] as number))
  const tolerance = contributionTolerance * contributions.reduce((sum, value) => sum + value, 0)
  const isSummed = Math.abs(sizeOf(market, risks) / total - 1) <= contributionTolerance
  return (
    isSummed &&
    risks.every((risk, at) => {
      const least = limits.least[at] as number
      const most = limits.most[at] as number
      const excess = (contributions[at] as number) - factor
      return (
        risk >= least &&
        risk <= most &&
        (risk === least || excess <= tolerance) &&
        (risk === most || excess >= -tolerance)
      )
    })
  )
}
