// Every check there is, one after the other, and one line that sums them up.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { build, checkTypes } from './build.mjs'
import { countPlaywright, countVitest, judgeStage, summaryLine } from './counts.mjs'
import { parseFlags } from './flags.mjs'
import { cacheFolder, root } from './paths.mjs'
import { endProcesses, endWithParent, onEndRequested, runCommand, tail } from './processes.mjs'
import { checkNode, ensureChromium, ensureDevnet, ensurePackages, ensureUniswapParser, log } from './setup.mjs'
import { runMain, StopLine } from './stopLine.mjs'

const reportFolder = join(cacheFolder, 'test')
const stageLimitMs = 25 * 60_000

const help = `Runs every check: lint, layer walls, types, build, unit, chain and end-to-end tests.

  npm test -- [flags]

  --only A,B   only these stages: lint, walls, types, build, unit, chain, e2e
  --help       this text
`

const packageFile = (...path) => join(root, 'node_modules', ...path)

function runNode(args, env = {}) {
  return runCommand(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...env },
    timeoutMs: stageLimitMs,
  })
}

const passedOnce = { passed: 1, failed: 0, failures: [] }

function failedOnce(output) {
  return { passed: 0, failed: 1, failures: [tail(output, 80)] }
}

async function runStatic(args) {
  const { code, output } = await runNode(args)
  return code === 0 ? passedOnce : failedOnce(output)
}

/** Runs a test tool that writes a JSON report, and counts what the report says. */
async function runTests({ stage, args, env, reportPath, count }) {
  rmSync(reportPath, { force: true })
  const { code, output, timedOut } = await runNode(args, env)
  writeFileSync(join(reportFolder, `${stage}.log`), output)
  if (timedOut)
    return failedOnce(`${tail(output, 40)}\n${stage} took longer than ${stageLimitMs / 60_000} minutes and was ended.`)
  let report
  try {
    report = JSON.parse(readFileSync(reportPath, 'utf8'))
  } catch {
    return failedOnce(`${tail(output, 60)}\n${stage} left no report (exit code ${code}).`)
  }
  return judgeStage({ counts: count(report), code, stage })
}

function runVitest(project) {
  const reportPath = join(reportFolder, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  return runTests({
    stage: project,
    args: [packageFile('vitest', 'vitest.mjs'), 'run', '--project', project, ...reporters],
    env: {},
    reportPath,
    count: countVitest,
  })
}

function runPlaywright(chromiumPath) {
  const reportPath = join(reportFolder, 'e2e.json')
  return runTests({
    stage: 'e2e',
    args: [packageFile('playwright', 'cli.js'), 'test', '--config', 'e2e/playwright.config.ts'],
    env: { BALLAST_E2E_REPORT: reportPath, CHROMIUM_PATH: chromiumPath },
    reportPath,
    count: countPlaywright,
  })
}

const layered = ['app', 'components', 'lib', 'cli', 'devnet', 'bench', 'e2e', 'scripts']

/** What each stage does. `prepared` holds promises of what set-up brings. */
const stages = {
  lint: () =>
    runStatic([packageFile('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--error-on-warnings', '--colors=off', '.']),
  walls: () =>
    runStatic([
      packageFile('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...layered,
    ]),
  types: async () => {
    const { ok, output } = await checkTypes()
    return ok ? passedOnce : failedOnce(output)
  },
  build: async () => {
    await build()
    return passedOnce
  },
  unit: () => runVitest('unit'),
  chain: async ({ devnet, parser }) => {
    await Promise.all([devnet, parser])
    return runVitest('chain')
  },
  e2e: async ({ devnet, chromium, built }) => {
    await devnet
    const path = await chromium
    if ((await built)?.failed) return failedOnce('Not run: there is no build to test.')
    return runPlaywright(path)
  },
}

function toStageNames(text) {
  const names = text === undefined ? Object.keys(stages) : text.split(',')
  for (const name of names) {
    if (!Object.hasOwn(stages, name)) {
      throw new StopLine(`There is no stage "${name}". The stages are ${Object.keys(stages).join(', ')}.`)
    }
  }
  // The end-to-end tests look at the build, whichever stages are asked for.
  return names.includes('e2e') && !names.includes('build') ? ['build', ...names] : names
}

/**
 * Which stages run side by side: lanes of stages in order, lane beside lane, phase after phase. The stages that measure
 * time or drive a browser have the machine to themselves where it is small.
 */
function toPhases(names) {
  const small = [[['build'], ['lint', 'walls', 'types']], [['unit']], [['chain']], [['e2e']]]
  const roomy = [[['build'], ['lint', 'walls', 'types'], ['unit']], [['chain']], [['e2e']]]
  const phases = availableParallelism() >= 6 ? roomy : small
  return phases.map((lanes) => lanes.map((lane) => lane.filter((name) => names.includes(name))))
}

async function runStage(name, prepared) {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  log(`… ${name}`)
  const pulse = setInterval(() => log(`… ${name}, ${seconds()}`), 30_000)
  let counts
  try {
    counts = await stages[name](prepared)
  } catch (error) {
    counts = failedOnce(
      error instanceof Error ? (error instanceof StopLine ? error.message : `${error.stack}`) : String(error),
    )
  } finally {
    clearInterval(pulse)
  }
  const { passed, failed } = counts
  log(`${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed (${seconds()})`)
  return { name, ...counts }
}

async function runPhases(names, prepared) {
  const results = []
  for (const lanes of toPhases(names)) {
    await Promise.all(
      lanes.map(async (lane) => {
        for (const name of lane) {
          const result = runStage(name, prepared)
          if (name === 'build') prepared.built = result
          results.push(await result)
        }
      }),
    )
  }
  return results
}

await runMain(async () => {
  checkNode()
  const flags = parseFlags(process.argv.slice(2), { only: { kind: 'text' }, help: { kind: 'switch' } }, 'npm test --')
  if (flags.help) {
    process.stdout.write(help)
    return
  }
  const names = toStageNames(flags.only)
  endWithParent()
  onEndRequested(endProcesses)
  const started = Date.now()
  await ensurePackages()
  mkdirSync(reportFolder, { recursive: true })
  const prepare = (stagesThatNeed, work) => {
    const promise = stagesThatNeed.some((name) => names.includes(name)) ? work() : Promise.resolve(undefined)
    promise.catch(() => undefined)
    return promise
  }
  const prepared = {
    devnet: prepare(['unit', 'chain', 'e2e'], ensureDevnet),
    parser: prepare(['chain'], ensureUniswapParser),
    chromium: prepare(['e2e'], ensureChromium),
    built: undefined,
  }
  const results = await runPhases(names, prepared)
  for (const { name, failures } of results) {
    for (const failure of failures) process.stdout.write(`\n── ${name} ──\n${failure}\n`)
  }
  log(`\nAll stages took ${((Date.now() - started) / 60_000).toFixed(1)} min`)
  process.stdout.write(`${summaryLine(results)}\n`)
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1
})
