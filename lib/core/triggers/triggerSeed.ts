import type { Targets } from '../targets'
import type { Address } from '../units'
import { encodeUtf8 } from './utf8'

const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n

/**
 * The 64-bit FNV-1a hash of a text in UTF-8 (Fowler, Noll and Vo; RFC 9923). It spreads, and keeps no secret.
 * @example hashText('a') // 0xaf63dc4c8601ec8cn
 */
export function hashText(text: string): bigint {
  return encodeUtf8(text)
    .flat()
    .reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime), offsetBasis)
}

/**
 * The number from which an account's calendar gets its jitter: the same for the same account and targets on every device, and another for
 * every account that shares the targets. The order of the targets and the case of the address do not matter.
 */
export function composeTriggerSeed(account: Address, targets: Targets): bigint {
  const weights = targets.weights.map(({ assetId, weightBps }) => `${assetId}:${weightBps}`).sort()
  return hashText([account.toLowerCase(), ...weights].join('\n'))
}
