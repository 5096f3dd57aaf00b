import type { Hex } from '@/lib/core/units'

/** Bytes that are not exactly what a bundle may be made of. Nothing of it may be signed. */
export class UndecodableBundleError extends Error {
  override readonly name = 'UndecodableBundleError'
  constructor(
    readonly reason: string,
    override readonly cause?: unknown,
  ) {
    super(`These calls are not a bundle of Ballast: ${reason} Do not sign them; plan again.`)
  }
}

/**
 * Decodes, and refuses data that does not come out the same when the facts are encoded again.
 * @throws {UndecodableBundleError} when it cannot be decoded, or is not in canonical encoding
 */
export function canonically<Decoded extends { readonly again: Hex }>(data: Hex, decode: () => Decoded): Decoded {
  let decoded: Decoded
  try {
    decoded = decode()
  } catch (cause) {
    throw new UndecodableBundleError(`a call cannot be read (it starts with ${data.slice(0, 10)}).`, cause)
  }
  if (decoded.again.toLowerCase() !== data.toLowerCase()) {
    throw new UndecodableBundleError('a call is not in canonical encoding.')
  }
  return decoded
}

/**
 * Unix seconds of a deadline.
 * @throws {UndecodableBundleError} when it lies beyond all time
 */
export function toDeadline(deadline: bigint): number {
  if (deadline > BigInt(Number.MAX_SAFE_INTEGER)) throw new UndecodableBundleError('it has no real deadline.')
  return Number(deadline)
}
