import { isPlanFile, joinPlanFile, type PlanFile, toPlanFile } from '@/lib/core/certificate/planFile'
import { InvalidPlanFileError } from '@/lib/core/certificate/planFileFields'
import { verifyPlanFile } from '@/lib/core/certificate/verifyPlanFile'
import { type Command, CommandError } from './command'
import { nameSource, readJson } from './readJson'

/** Checks a plan from outside and prints what it found as one JSON object. */
export const verify: Command = {
  synopsis: 'verify FILE [SOLUTION]',
  summary: 'checks a plan file, or a problem and what solve printed for it; exits 1 where something is not so',
  async run(args) {
    const flag = args.find((arg) => arg.startsWith('-') && arg !== '-')
    if (flag !== undefined) throw new CommandError('usage', `verify does not know ${JSON.stringify(flag)}.`)
    const [path, solutionPath, ...more] = args
    if (path === undefined || more.length > 0 || (path === '-' && solutionPath === '-'))
      throw new CommandError(
        'usage',
        'verify takes a plan file, or a problem and its solution; one may be - for standard input.',
      )
    const sources = solutionPath === undefined ? path : `${path} and ${solutionPath}`
    const json = await readJson(path)
    const solution = solutionPath === undefined ? undefined : await readJson(solutionPath)
    try {
      const verdict = verifyPlanFile(toFile(json, solution))
      return { output: JSON.stringify(verdict), exitCode: verdict.status === 'verified' ? 0 : 1 }
    } catch (error) {
      if (!(error instanceof InvalidPlanFileError)) throw error
      throw new CommandError('input', `${path === sources ? nameSource(path) : sources}: ${error.message}`, {
        cause: error,
      })
    }
  },
}

function toFile(json: unknown, solution: unknown): PlanFile {
  if (solution === undefined) return toPlanFile(json)
  return joinPlanFile(isPlanFile(json) ? toPlanFile(json).problem : json, solution)
}
