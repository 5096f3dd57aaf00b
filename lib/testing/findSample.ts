import fc from 'fast-check'

/** So many cases are drawn at a time: the first ones of a draw are the simplest. */
const drawnAtOnce = 20
const draws = 50

/** The first case drawn that has something, always the same one. Draws no more than it takes. */
export function findSample<Case>(arbitrary: fc.Arbitrary<Case>, has: (given: Case) => boolean): Case {
  for (let seed = 1; seed <= draws; seed += 1) {
    for (const given of fc.sample(arbitrary, { seed, numRuns: drawnAtOnce })) if (has(given)) return given
  }
  throw new Error('no such sample')
}
