import fc from 'fast-check'

/**
 * Properties draw the same cases on every machine, so that a red run is one that a change made; `npm run fuzz` draws
 * others. `FUZZ_SEED` (a 32-bit integer) is the seed of that draw.
 */
const asked = process.env.FUZZ_SEED
fc.configureGlobal({ seed: asked === undefined ? 20_261_120 : Number(asked) })
