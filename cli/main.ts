import { backtest } from './backtest'
import { bands } from './bands'
import { type Command, CommandError } from './command'
import { solve } from './solve'
import { verify } from './verify'

/** Every command of the line, by the word that calls it. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['backtest', backtest],
  ['solve', solve],
  ['verify', verify],
  ['bands', bands],
])

const usage = [
  'Usage: npm run --silent cli -- COMMAND ...',
  '',
  ...[...commands.values()].map(({ synopsis, summary }) => `  ${synopsis.padEnd(24)} ${summary}`),
  '',
  'FILE is JSON; - reads standard input. docs/cli.md describes the formats.',
  '',
].join('\n')

async function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args
  if (word === '--help' || word === '-h' || word === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const command = word === undefined ? undefined : commands.get(word)
  if (command === undefined) {
    process.stderr.write(word === undefined ? usage : `There is no command ${JSON.stringify(word)}.\n${usage}`)
    return 2
  }
  try {
    const { output, exitCode } = await command.run(rest)
    process.stdout.write(`${output}\n`)
    return exitCode
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(error.kind === 'usage' ? `${error.message}\n${usage}` : `${error.message}\n`)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
