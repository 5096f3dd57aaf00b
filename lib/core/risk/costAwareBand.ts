/** What it costs one asset's weight to drift, and to be brought back. */
export interface BandProblem {
  /** Variance of the weight's deviation, fractions of the portfolio squared a year; positive. */
  readonly varianceRate: number
  /** Loss a year per squared deviation: at a deviation x the portfolio loses `runningLoss` x^2 of its worth a year; positive. */
  readonly runningLoss: number
  /** Cost per unit of weight traded, a fraction: 0.003 for 0.3 %; not negative. */
  readonly proportionalCost: number
  /** Cost of each rebalance, a fraction of the portfolio: gas / portfolio; not negative. */
  readonly fixedCost: number
}

/** A band to hold a weight in: nothing is done inside, and a weight that reaches the edge is brought back part of the way. */
export interface Band {
  /** D: the deviation at which to act, a fraction of the portfolio. */
  readonly trigger: number
  /** d: the deviation that is left after acting, a fraction of the portfolio from 0 to `trigger`. */
  readonly destination: number
}

/** A band and what it comes to in the long run. */
export interface CostAwareBand extends Band {
  /** Drift, fees and gas together, a fraction of the portfolio a year. */
  readonly lossPerYear: number
  /** Infinite where `destination` is `trigger`: the edge is then touched over and over by the smallest of trades. */
  readonly rebalancesPerYear: number
  /** Weight traded one way, fractions of the portfolio a year; infinite where nothing costs anything. */
  readonly turnoverPerYear: number
}

/** What a band loses in the long run and to what, fractions of the portfolio a year. */
export interface BandLoss {
  readonly driftPerYear: number
  readonly feesPerYear: number
  readonly gasPerYear: number
  readonly lossPerYear: number
  readonly rebalancesPerYear: number
  readonly turnoverPerYear: number
}

/** A figure of a band problem, or a band, out of its range. */
export class InvalidBandInputError extends Error {
  override readonly name = 'InvalidBandInputError'
  constructor(
    readonly field: keyof BandProblem | keyof Band | 'deviation' | 'checkedEveryDays' | 'horizonDays',
    readonly value: number,
    wanted: string,
  ) {
    super(`${field} must be ${wanted}; got ${value}. Correct it before measuring a band.`)
  }
}

function checkProblem({ varianceRate, runningLoss, proportionalCost, fixedCost }: BandProblem): void {
  for (const [field, value] of Object.entries({ varianceRate, runningLoss }))
    if (!(value > 0 && Number.isFinite(value)))
      throw new InvalidBandInputError(field as keyof BandProblem, value, 'positive and finite')
  for (const [field, value] of Object.entries({ proportionalCost, fixedCost }))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InvalidBandInputError(field as keyof BandProblem, value, 'finite and not negative')
}

/**
 * The log odds of (D - d) / D, given the one number that the shape of the band hangs on. With r = d / D:
 *
 *     (1 - r)^3 (1 + r) / (r (1 + r))^(4/3) = (6 k s2 / a) / (3 c s2 / 2a)^(4/3)
 *
 * The left side falls from infinity at r = 0 to 0 at r = 1, so bisection finds it; its logarithm has a slope between 4/3
 * and 3 in the log odds, which brackets them and keeps all digits of r and of 1 - r.
 */
function solveOdds(logRatio: number): number {
  const reach = 2 + Math.abs(logRatio)
  let low = -reach
  let high = reach
  for (;;) {
    const odds = (low + high) / 2
    if (!(odds > low && odds < high)) return odds
    const logRest = -Math.log1p(Math.exp(odds)) // log r
    const logGap = -Math.log1p(Math.exp(-odds)) // log (1 - r)
    const value = 3 * logGap - Math.log1p(Math.exp(logRest)) / 3 - (4 / 3) * logRest
    if (value > logRatio) high = odds
    else low = odds
  }
}

/**
 * How far to let one weight drift and how far to bring it back, such that drift, fees and gas together cost least in the long
 * run. Optimal impulse control of a Brownian motion with a quadratic running loss:
 *
 *     d D (d + D)       = 3 c s2 / (2 a)
 *     (D - d)^3 (D + d) = 6 k s2 / a
 *     loss a year       = a (D^2 + d D + d^2) / 3
 *
 * Without a fixed cost d = D and D^3 = 3 c s2 / 4a (trade to the edge: Shreve, Soner 1994; Gerhold, Guasoni, Muhle-Karbe,
 * Schachermayer 2014). Without a proportional cost d = 0 and D^4 = 6 k s2 / a (trade to the target: Altarovici, Muhle-Karbe,
 * Soner 2015). Without either both are 0 and nothing is lost.
 * @throws {InvalidBandInputError} when a figure is out of its range.
 * @example
 * // Two assets, risk aversion 2, volatility 80 %, half each, 0.3 % to trade, no gas: act at 5.2 percentage points.
 * measureCostAwareBand({ varianceRate: 0.04, runningLoss: 0.64, proportionalCost: 0.003, fixedCost: 0 }).trigger // 0.0520
 */
export function measureCostAwareBand(problem: BandProblem): CostAwareBand {
  checkProblem(problem)
  const { varianceRate, runningLoss, proportionalCost, fixedCost } = problem
  if (proportionalCost === 0 && fixedCost === 0) return describeBand(problem, 0, 1)
  // {weight^3} = {1} {weight^2 / year} / {1 / year}
  const cube = (1.5 * proportionalCost * varianceRate) / runningLoss
  // {weight^4} = {1} {weight^2 / year} / {1 / year}
  const fourth = (6 * fixedCost * varianceRate) / runningLoss
  if (fourth === 0) return describeBand(problem, Math.cbrt(cube / 2), 1)
  if (cube === 0) return describeBand(problem, Math.sqrt(Math.sqrt(fourth)), 0)
  const odds = solveOdds(Math.log(fourth) - (4 / 3) * Math.log(cube))
  const rest = 1 / (1 + Math.exp(odds))
  // Of the two equations the one whose factors are far from 0 here.
  const gap = 1 / (1 + Math.exp(-odds))
  const trigger =
    odds < 0 ? Math.cbrt(cube / (rest * (1 + rest))) : Math.sqrt(Math.sqrt(fourth / (gap ** 3 * (1 + rest))))
  return describeBand(problem, trigger, rest, gap)
}

function describeBand(
  { varianceRate, runningLoss }: BandProblem,
  trigger: number,
  rest: number,
  gap = 1 - rest,
): CostAwareBand {
  const square = trigger * trigger
  return {
    trigger,
    destination: trigger * rest,
    lossPerYear: (runningLoss * square * (1 + rest + rest * rest)) / 3,
    // {1 / year} = {weight^2 / year} / {weight^2}; D^2 - d^2 = D^2 (1 - r) (1 + r)
    rebalancesPerYear: varianceRate / (square * gap * (1 + rest)),
    turnoverPerYear: varianceRate / (trigger * (1 + rest)),
  }
}

/**
 * What any band loses in the long run, the user's own included. Between two rebalances the deviation goes from d to D in
 * (D^2 - d^2) / s2 years on average and gathers (D^4 - d^4) / (6 s2) of squared deviation, by the renewal theorem:
 *
 *     loss a year = a (D^2 + d^2) / 6 + c s2 / (D + d) + k s2 / (D^2 - d^2)
 *
 * @throws {InvalidBandInputError} when a figure is out of its range, or the destination lies beyond the trigger.
 */
export function measureBandLoss(problem: BandProblem, { trigger, destination }: Band): BandLoss {
  checkProblem(problem)
  if (!(trigger > 0 && Number.isFinite(trigger)))
    throw new InvalidBandInputError('trigger', trigger, 'positive and finite')
  if (!(destination >= 0 && destination <= trigger))
    throw new InvalidBandInputError('destination', destination, `from 0 to the trigger, ${trigger}`)
  const { varianceRate, runningLoss, proportionalCost, fixedCost } = problem
  const turnoverPerYear = varianceRate / (trigger + destination)
  const rebalancesPerYear = turnoverPerYear / (trigger - destination)
  const driftPerYear = (runningLoss * (trigger * trigger + destination * destination)) / 6
  const feesPerYear = proportionalCost * turnoverPerYear
  const gasPerYear = fixedCost === 0 ? 0 : fixedCost * rebalancesPerYear
  return {
    driftPerYear,
    feesPerYear,
    gasPerYear,
    lossPerYear: driftPerYear + feesPerYear + gasPerYear,
    rebalancesPerYear,
    turnoverPerYear,
  }
}
