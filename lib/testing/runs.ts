/** How many cases `npm run fuzz` asks for, where it runs the tests. */
const asked = process.env.FUZZ_RUNS === undefined ? undefined : Number(process.env.FUZZ_RUNS)

/** How many cases a property draws: a few in `npm test`, in `npm run fuzz` as many as it asks for. */
export function runs(usual: number): number {
  return asked ?? usual
}

/**
 * The same for a property whose every case is a whole rebalance, back-test or the like, a thousand times as dear as the others:
 * it draws that share of what was asked that its usual number is of 500.
 */
export function dearRuns(usual: number): number {
  return asked === undefined ? usual : Math.min(asked, Math.max(usual, Math.ceil((asked * usual) / 500)))
}

/** How long a test may take: what it says in `npm test`, any time in `npm run fuzz`. */
export function patienceMs(usual: number): number {
  return asked === undefined ? usual : 0
}
