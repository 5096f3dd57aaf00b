import type { Matrix } from '../numbers/cholesky'
import { factorCholesky, multiply, solveCholesky, submatrix } from '../numbers/cholesky'
import type { ShareLimits } from './scheme'

type Place = 'free' | 'least' | 'most'

/**
 * The shares of least variance within limits: min x' C x with sum x = total, least <= x <= most. A primal active-set method (Nocedal and
 * Wright 2006, algorithm 16.3): among the assets at no limit the minimum is solved for exactly; the step goes as far as the first
 * limit, and an asset whose limit costs variance is let go. It ends at the one minimum, to the precision of floats.
 * @param covariance positive definite, of any scale
 * @param limits `total` is between n x least and n x most
 */
export function minimiseVariance(covariance: Matrix, { total, least, most }: ShareLimits): readonly number[] {
  const count = covariance.length
  const scale = covariance.reduce((sum, row, at) => sum + (row[at] as number), 0) / count
  const matrix = covariance.map((row) => row.map((entry) => entry / scale))
  const places: Place[] = matrix.map(() => 'free')
  let shares: readonly number[] = matrix.map(() => total / count)
  if (most <= least) return shares

  for (let round = 0; round < roundsPerAsset * count; round++) {
    const free = indicesOf(places, 'free')
    const { wanted, price } = minimumAmong(matrix, shares, { free, total })
    const blocked = firstLimit(shares, wanted, { free, least, most })
    if (blocked) {
      const { step, at, place } = blocked
      shares = shares.map((share, asset) =>
        asset === at ? (place === 'least' ? least : most) : share + step * ((wanted[asset] as number) - share),
      )
      places[at] = place
      continue
    }
    shares = wanted.map((share) => Math.min(most, Math.max(least, share)))
    const released = dearestLimit(multiply(matrix, shares), places, {
      price,
      takesFirst: round > patientRoundsPerAsset * count,
    })
    if (released === undefined) break
    places[released] = 'free'
  }
  return shares
}

const patientRoundsPerAsset = 10
const roundsPerAsset = 100

/** A limit that costs less than this, relative to a variance of 1, is noise, and so is a share as little beyond a limit. */
const noise = 1e-13

function indicesOf(places: readonly Place[], place: Place): readonly number[] {
  return places.flatMap((is, at) => (is === place ? [at] : []))
}

/** The minimum over the free assets with all others held still, and the variance that one more unit of the total costs. */
function minimumAmong(
  matrix: Matrix,
  shares: readonly number[],
  { free, total }: { readonly free: readonly number[]; readonly total: number },
): { readonly wanted: readonly number[]; readonly price: number } {
  const isFree = new Set(free)
  const held = shares.map((share, at) => (isFree.has(at) ? 0 : share))
  const pull = multiply(matrix, held)
  const factors = factorCholesky(submatrix(matrix, free))
  if (factors.status !== 'factored') return { wanted: shares, price: Number.NaN }
  const ones = solveCholesky(
    factors.lower,
    free.map(() => 1),
  )
  const pulled = solveCholesky(
    factors.lower,
    free.map((at) => pull[at] as number),
  )
  const room = total - held.reduce((sum, share) => sum + share, 0)
  const price = (room + pulled.reduce((sum, value) => sum + value, 0)) / ones.reduce((sum, value) => sum + value, 0)
  const wanted = [...held]
  for (const [row, at] of free.entries()) wanted[at] = price * (ones[row] as number) - (pulled[row] as number)
  return { wanted, price }
}

/** The limit that a step from shares to the wanted ones meets first. */
function firstLimit(
  shares: readonly number[],
  wanted: readonly number[],
  { free, least, most }: { readonly free: readonly number[]; readonly least: number; readonly most: number },
): { readonly step: number; readonly at: number; readonly place: Place } | undefined {
  let first: { readonly step: number; readonly at: number; readonly place: Place } | undefined
  for (const at of free) {
    const share = shares[at] as number
    const to = wanted[at] as number
    if (to >= least - noise && to <= most + noise) continue
    const place = to < least ? 'least' : 'most'
    const step = Math.min(1, Math.max(0, ((place === 'least' ? least : most) - share) / (to - share)))
    if (first === undefined || step < first.step) first = { step, at, place }
  }
  return first
}

/** The asset whose limit costs most variance; once many rounds are over the first that costs any, which cannot go in circles (Bland). */
function dearestLimit(
  slopes: readonly number[],
  places: readonly Place[],
  { price, takesFirst }: { readonly price: number; readonly takesFirst: boolean },
): number | undefined {
  let dearest: { readonly at: number; readonly cost: number } | undefined
  for (const [at, place] of places.entries()) {
    if (place === 'free') continue
    const gain = price - (slopes[at] as number)
    const cost = place === 'least' ? gain : -gain
    if (cost > noise && (dearest === undefined || (!takesFirst && cost > dearest.cost))) dearest = { at, cost }
  }
  return dearest?.at
}
