import { availableParallelism, loadavg } from 'node:os'
import { StopLine } from '../scripts/stopLine.mjs'
import type { BenchReport } from './measurement'
import { printReport } from './printReport'

/** What can be measured, in the order in which it is. Each is loaded only when it runs. */
const benches: Readonly<Record<string, { readonly about: string; readonly run: () => Promise<BenchReport> }>> = {
  chain: {
    about: 'the local chain from zero',
    run: async () => (await import('./chain')).measureChainStart(),
  },
  reading: {
    about: 'requests, bytes and time of a snapshot',
    run: async () => (await import('./reading')).measureReading(),
  },
  download: {
    about: 'JavaScript of the first load, and of the routing core',
    run: async () => (await import('./firstLoad')).measureFirstLoad(),
  },
  screen: {
    about: 'the first useful screen, in Chromium',
    run: async () => (await import('./screen')).measureFirstScreen(),
  },
  plan: {
    about: 'from the click to a signable plan, in Chromium',
    run: async () => (await import('./plan')).measurePlanTime(),
  },
  routing: {
    about: 'speed, certificate and memory of the joint planner',
    run: async () => (await import('./routing')).measureRouting(),
  },
  costs: {
    about: 'the joint plan against separate swaps and splits',
    run: async () => (await import('./costs')).measureCosts(),
  },
  realPools: {
    about: 'the same on real pools, from the folder that BALLAST_REAL_POOLS names',
    run: async () => (await import('./realPools')).measureRealPools(),
  },
  lab: {
    about: 'speed of back-tests, and the cost-aware band against other policies',
    run: async () => (await import('./lab')).measureLab(),
  },
  gas: {
    about: 'gas of a bundle against separate swaps',
    run: async () => (await import('./gas')).measureGas(),
  },
  swaps: {
    about: '10,000 random swaps of each kind of pool against the deployed quoters',
    run: async () => (await import('./swapFidelity')).measureSwapFidelity(),
  },
  fidelity: {
    about: 'planned against executed amounts',
    run: async () => (await import('./fidelity')).measureFidelity(),
  },
}

const help = `Measures Ballast and prints each figure beside its goal, and where it loses.

  npm run bench -- [names]

${Object.entries(benches)
  .map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`)
  .join('\n')}

Without names all of them run.
`

const names = process.argv.slice(2)
if (names.includes('--help')) {
  process.stdout.write(help)
} else {
  const unknown = names.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) {
    throw new StopLine(`There is no benchmark "${unknown}". There are: ${Object.keys(benches).join(', ')}.`)
  }
  const missed: string[] = []
  const writeLoad = () => `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} processors`
  process.stdout.write(`Before: ${writeLoad()}\n\n`)
  for (const [name, { run }] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue
    const started = performance.now()
    const report = await run()
    process.stdout.write(`${printReport(report, (performance.now() - started) / 1000)}\n`)
    const count = report.measurements.filter(({ verdict }) => verdict === 'missed').length
    if (count > 0) missed.push(`${name} (${count})`)
  }
  process.stdout.write(`After: ${writeLoad()}\n`)
  process.stdout.write(missed.length === 0 ? 'Every goal is met.\n' : `Goals missed: ${missed.join(', ')}\n`)
}
