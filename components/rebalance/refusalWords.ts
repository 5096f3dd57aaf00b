import type { TokenRefusal } from '@/lib/chain/read/readTokenRefusals'
import { type Address, assertNever } from '@/lib/core/units'

/** What a token's own words mean, as far as they are known. */
type Cause = 'paused' | 'blocked' | 'unknown'

/** `EnforcedPause()` and `ExpectedPause()` of OpenZeppelin's contracts. */
const pauseErrors: ReadonlySet<string> = new Set(['error 0xd93c0665', 'error 0x8dfc202b'])

function causeOf(reason: string): Cause {
  if (/\bpaus/i.test(reason) || pauseErrors.has(reason)) return 'paused'
  return /block(s|ed|list)|black ?list|frozen|freez|sanction|denied|denylist/i.test(reason) ? 'blocked' : 'unknown'
}

/** Says which token would not move and why, always with its own words. */
export function describeRefusal({ token, side, reason }: TokenRefusal, nameToken: (token: Address) => string): string {
  const symbol = nameToken(token)
  const cause = causeOf(reason)
  switch (cause) {
    case 'paused':
      return `${symbol} is paused by its issuer and cannot be ${side} (“${reason}”).`
    case 'blocked':
      return `The issuer of ${symbol} blocks this account or the pool: it cannot be ${side} (“${reason}”).`
    case 'unknown':
      return `${symbol} cannot be ${side}: its contract refuses to move it (“${reason}”).`
    default:
      return assertNever(cause)
  }
}
