import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { solveRouting } from '@/lib/core/routing/solveRouting'
import { drawMarketWithGas } from './marketWithGas'

const solves = 1_000
const rehearsals = 200

/** Empties the heap of what nobody holds. */
function toCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

/** How much the heap holds more after 1,000 solves than before them, in bytes: what they would leak, and what the engine learned. */
export function measureHeapGrowth(): number {
  const collect = toCollector()
  const problems = [0, 0.24].flatMap((gas) =>
    Array.from({ length: 10 }, (_, seed) => drawMarketWithGas({ tokens: 10, pools: 60 }, gas, seed)),
  )
  const solveSome = (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const problem = problems[at % problems.length]
      if (problem !== undefined) solveRouting(problem)
    }
  }
  solveSome(rehearsals)
  collect()
  const before = process.memoryUsage().heapUsed
  solveSome(solves)
  collect()
  return process.memoryUsage().heapUsed - before
}
