// Every property of the tests, with many cases that nobody has seen yet.
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { parseFlags } from './flags.mjs'
import { cacheFolder, root } from './paths.mjs'
import { endProcesses, endWithParent, onEndRequested, runCommand } from './processes.mjs'
import { checkNode, ensurePackages, log } from './setup.mjs'
import { runMain, StopLine } from './stopLine.mjs'

const help = `Runs every property of the unit tests with many cases and a seed of its own.

  npm run fuzz -- [flags]

  --runs N       cases for each property (FUZZ_RUNS; 100000)
  --seed N       seed of the draw, a 32-bit integer (FUZZ_SEED; a random one, printed)
  --only PATH    only test files whose path contains this
  --minutes N    one property takes no longer than this, and then counts with what it has drawn (no limit)
  --help         this text

A property that plans or solves a whole rebalance in every case draws a share of N: the number that npm test draws of
it, divided by 500 (40 there are 8 % here). lib/testing/runs.ts is where this is decided.
`

const skipped = new Set(['node_modules', 'e2e', '.cache', 'out', '.next', '.git'])

/** Every unit test file below a folder that draws cases. */
function listPropertyFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listPropertyFiles(path)
    if (!/\.test\.tsx?$/.test(entry.name) || entry.name.endsWith('.chain.test.ts')) return []
    return readFileSync(path, 'utf8').includes("from 'fast-check'") ? [path] : []
  })
}

function toNumber(name, text, { from, to }) {
  const value = /^-?\d{1,10}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= from && value <= to)) throw new StopLine(`--${name} ${text} is not a number from ${from} to ${to}.`)
  return value
}

function readLines(path) {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const toPath = (path) => relative(root, path).split(sep).join('/')

await runMain(async () => {
  checkNode()
  const args = process.argv.slice(2)
  const text = { kind: 'text' }
  const flags = parseFlags(
    args.filter((arg) => arg !== '--help'),
    {
      runs: { kind: 'text', fallback: process.env.FUZZ_RUNS ?? '100000' },
      seed: { kind: 'text', fallback: process.env.FUZZ_SEED ?? String(randomInt(2 ** 31)) },
      only: text,
      minutes: text,
    },
    'npm run fuzz --',
  )
  if (args.includes('--help')) {
    process.stdout.write(help)
    return
  }
  const runs = toNumber('runs', flags.runs, { from: 1, to: 10_000_000 })
  const seed = toNumber('seed', flags.seed, { from: -(2 ** 31), to: 2 ** 31 - 1 })
  const minutes =
    flags.minutes === undefined ? undefined : toNumber('minutes', flags.minutes, { from: 0.01, to: 1_440 })
  const files = listPropertyFiles(root).filter((path) => flags.only === undefined || toPath(path).includes(flags.only))
  if (files.length === 0) throw new StopLine(`No test file with properties has ${flags.only} in its path.`)

  endWithParent()
  onEndRequested(endProcesses)
  await ensurePackages()
  mkdirSync(cacheFolder, { recursive: true })
  const reportPath = join(cacheFolder, `fuzz-${process.pid}.jsonl`)
  writeFileSync(reportPath, '')

  const again = (path) => `npm run fuzz -- --seed ${seed} --runs ${runs}${path === undefined ? '' : ` --only ${path}`}`
  log(`${files.length} files with properties, ${runs} cases each. The same again: ${again(flags.only)}`)
  let told = 0
  const tell = () => {
    const lines = readLines(reportPath)
    for (const { file, test, failed, interrupted, numRuns } of lines.slice(told)) {
      const state = failed ? '  FAILED' : interrupted ? '  out of time' : ''
      log(`${String(numRuns).padStart(9)}  ${toPath(file)}  ${test}${state}`)
    }
    told = lines.length
    return lines
  }
  const timer = setInterval(tell, 2_000)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { code, output } = await runCommand(
    process.execPath,
    [vitest, 'run', '--project', 'unit', '--testNamePattern', 'property:', '--no-color', ...files.map(toPath)],
    {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: '1',
        CI: '1',
        FUZZ_RUNS: String(runs),
        FUZZ_SEED: String(seed),
        FUZZ_REPORT: reportPath,
        ...(minutes === undefined ? {} : { FUZZ_MINUTES: String(minutes) }),
      },
    },
  )
  clearInterval(timer)
  const lines = tell()
  rmSync(reportPath, { force: true })
  const drawn = lines.reduce((sum, { numRuns }) => sum + numRuns, 0)
  const failed = lines.filter((line) => line.failed)
  const short = lines.filter((line) => !line.failed && line.numRuns < runs)
  if (code !== 0) process.stdout.write(`${output}\n`)
  for (const path of new Set(failed.map(({ file }) => toPath(file)))) log(`Failed: ${again(path)}`)
  process.stdout.write(
    `${lines.length} properties, ${drawn} cases, ${short.length} with fewer than ${runs}, ${failed.length} failed, seed ${seed}\n`,
  )
  if (code !== 0) process.exitCode = 1
})
