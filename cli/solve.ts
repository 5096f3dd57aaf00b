import { InvalidRoutingProblemError, toRoutingProblem } from '@/lib/core/routing/problem'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { type Command, CommandError } from './command'
import { readJson } from './readJson'

/** Solves a routing problem and prints the solution as one JSON object. */
export const solve: Command = {
  synopsis: 'solve FILE | solve -',
  summary: 'plans the trades of a problem given as JSON, with the proof of how good they are',
  async run(args) {
    const flag = args.find((arg) => arg.startsWith('-') && arg !== '-')
    if (flag !== undefined) throw new CommandError('usage', `solve does not know ${JSON.stringify(flag)}.`)
    const [path, ...more] = args
    if (path === undefined || more.length > 0)
      throw new CommandError('usage', 'solve takes one file, or - for standard input.')
    const json = await readJson(path)
    try {
      const problem = toRoutingProblem(json)
      const started = performance.now()
      const solution = solveRouting(problem)
      const milliseconds = performance.now() - started
      return JSON.stringify({ ...solution, milliseconds })
    } catch (error) {
      if (!(error instanceof InvalidRoutingProblemError)) throw error
      throw new CommandError('input', `${path === '-' ? 'standard input' : path}: ${error.message}`, { cause: error })
    }
  },
}
