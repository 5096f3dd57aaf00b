import { composePlanFile, isPlanFile, toPlanFile } from '@/lib/core/certificate/planFile'
import { InvalidPlanFileError } from '@/lib/core/certificate/planFileFields'
import { InvalidRoutingProblemError, type RoutingProblem, toRoutingProblem } from '@/lib/core/routing/problem'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { type Command, CommandError } from './command'
import { nameSource, readJson } from './readJson'

const planFileFlag = '--plan-file'

/** Solves a routing problem and prints the solution, or the plan file, as one JSON object. */
export const solve: Command = {
  synopsis: `solve FILE [${planFileFlag}]`,
  summary: 'plans the trades of a problem or a plan file, with the proof of how good they are',
  async run(args) {
    const flag = args.find((arg) => arg.startsWith('-') && arg !== '-' && arg !== planFileFlag)
    if (flag !== undefined) throw new CommandError('usage', `solve does not know ${JSON.stringify(flag)}.`)
    const [path, ...more] = args.filter((arg) => arg !== planFileFlag)
    if (path === undefined || more.length > 0)
      throw new CommandError('usage', 'solve takes one file, or - for standard input.')
    const json = await readJson(path)
    try {
      const problem = toProblem(json)
      const started = performance.now()
      const solution = solveRouting(problem)
      const milliseconds = performance.now() - started
      const answer = args.includes(planFileFlag)
        ? composePlanFile({ problem, solution })
        : { ...solution, milliseconds }
      return { output: JSON.stringify(answer), exitCode: 0 }
    } catch (error) {
      if (!(error instanceof InvalidRoutingProblemError || error instanceof InvalidPlanFileError)) throw error
      throw new CommandError('input', `${nameSource(path)}: ${error.message}`, { cause: error })
    }
  },
}

function toProblem(json: unknown): RoutingProblem {
  return isPlanFile(json) ? toPlanFile(json).problem : toRoutingProblem(json)
}
