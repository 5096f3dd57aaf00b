import { seedNumbers } from '@/lib/core/backtest/seededNumbers'
import { type Band, type BandProblem, measureCostAwareBand } from '@/lib/core/risk/costAwareBand'
import { type Measurement, measureAtMost, measureOnly, writeRatio } from './measurement'

/** One weight that wanders as a Brownian motion, looked at every hour, and what it loses under a policy. */

const stepsPerYear = 8760
const years = 1000
const seed = 20_260_301

const triggerFactors = [0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4] as const
const destinationShares = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1] as const
const calendarDays = [1, 2, 3, 4, 5, 7, 9, 11, 14, 17, 20, 25, 30, 37, 45, 60, 90, 120, 180] as const

/** What it is called, and the figures of the weight: see {@link BandProblem}. */
export type DiffusionCase = { readonly name: string; readonly problem: BandProblem }

/** Loss and its parts a year. */
type Outcome = { readonly loss: number; readonly square: number; readonly turnover: number }

type Policy = Band | { readonly everySteps: number }

/** A policy on its way. */
class Course {
  private x = 0
  private squares = 0
  private turnover = 0
  private rebalances = 0

  constructor(
    private readonly policy: Policy,
    private readonly problem: BandProblem,
  ) {}

  /** Goes through the increments of one year. */
  walk(increments: Float64Array, firstStep: number): void {
    const { policy } = this
    const isBand = 'trigger' in policy
    const trigger = isBand ? policy.trigger : Number.POSITIVE_INFINITY
    const destination = isBand ? policy.destination : 0
    const every = isBand ? 0 : policy.everySteps
    let next = isBand ? increments.length : (every - (firstStep % every)) % every
    let { x, squares, turnover, rebalances } = this
    for (let step = 0; step < increments.length; step++) {
      const before = x
      x += increments[step] as number
      // The mean square of a Brownian bridge less its own variance, which is the same for every policy.
      squares += (before * before + before * x + x * x) / 3
      if (step === next) {
        next += every
        turnover += Math.abs(x)
        rebalances += 1
        x = 0
      } else if (x >= trigger || x <= -trigger) {
        const to = x > 0 ? destination : -destination
        turnover += Math.abs(x - to)
        rebalances += 1
        x = to
      }
    }
    Object.assign(this, { x, squares, turnover, rebalances })
  }

  outcome(): Outcome {
    const { runningLoss, proportionalCost, fixedCost, varianceRate } = this.problem
    // {weight^2}; within an hour the path strays from its chord by a sixth of the hour's variance on average.
    const square = this.squares / (years * stepsPerYear) + varianceRate / stepsPerYear / 6
    const turnover = this.turnover / years
    const loss = runningLoss * square + proportionalCost * turnover + fixedCost * (this.rebalances / years)
    return { loss, square, turnover }
  }
}

function simulate(problem: BandProblem, policies: readonly Policy[]): readonly Outcome[] {
  const { normal } = seedNumbers(seed)
  const deviation = Math.sqrt(problem.varianceRate / stepsPerYear)
  const increments = new Float64Array(stepsPerYear)
  const courses = policies.map((policy) => new Course(policy, problem))
  for (let year = 0; year < years; year++) {
    for (let step = 0; step < stepsPerYear; step++) increments[step] = deviation * normal()
    for (const course of courses) course.walk(increments, year * stepsPerYear + 1)
  }
  return courses.map((course) => course.outcome())
}

const least = (outcomes: readonly Outcome[]) => Math.min(...outcomes.map(({ loss }) => loss))

/** The cost-aware band against the least loss over a grid of bands, and against calendars; all on the same paths. */
export function measureDiffusion({ name, problem }: DiffusionCase): readonly Measurement[] {
  const { trigger, destination } = measureCostAwareBand(problem)
  const grid = triggerFactors.flatMap((factor) =>
    destinationShares.map((share) => ({ trigger: trigger * factor, destination: trigger * factor * share })),
  )
  const calendars = calendarDays.map((days) => ({ everySteps: days * 24 }))
  const outcomes = simulate(problem, [{ trigger, destination }, ...grid, ...calendars])
  const [own] = outcomes
  if (own === undefined) throw new Error('No policy was simulated.')
  const optimum = Math.min(own.loss, least(outcomes.slice(1, 1 + grid.length)))
  const bestCalendar = least(outcomes.slice(1 + grid.length))
  const isFeeOnly = problem.fixedCost === 0
  // A calendar's mean square grows with its period: the one whose drift is the band's, on the same paths.
  const everySteps = Math.round((2 * own.square * stepsPerYear) / problem.varianceRate)
  const [equal] = isFeeOnly ? simulate(problem, [{ everySteps }]) : []
  return [
    measureAtMost({
      name: `${name}: loss / least of ${grid.length} bands`,
      value: own.loss / optimum,
      goal: 1.02,
      write: writeRatio,
    }),
    isFeeOnly
      ? measureAtMost({
          name: `${name}: loss / best calendar's`,
          value: own.loss / bestCalendar,
          goal: 0.66,
          write: writeRatio,
        })
      : measureOnly(`${name}: loss / best calendar's`, writeRatio(own.loss / bestCalendar)),
    ...(equal === undefined
      ? []
      : [
          measureAtMost({
            name: `${name}: turnover / calendar's at equal drift`,
            // The period is whole hours; turnover falls with the root of the mean square.
            value: own.turnover / (equal.turnover * Math.sqrt(equal.square / own.square)),
            goal: 0.55,
            write: writeRatio,
          }),
        ]),
  ]
}
