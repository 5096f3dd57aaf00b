import { nativeAddress } from '../asset'
import type { AssetReading, BalanceReading, TokenReading } from '../snapshot'
import type { Address } from '../units'
import type { Approvals } from './gasModel'
import type { RouterName } from './plan'

/** What is taken out of the account of one token. */
export type TakenToken = { readonly token: Address; readonly amount: bigint }

/**
 * Approvals, resets and grants that a router needs before it can take these tokens: none where what is allowed suffices. The native
 * coin needs none. Nothing comes back where it cannot be told what Permit2 may already pull: the Universal Router is then no way.
 * @param deadline Unix seconds: a grant that ends before is no grant.
 */
export function countApprovals(request: {
  readonly router: RouterName
  readonly taken: readonly TakenToken[]
  readonly readings: readonly AssetReading[]
  readonly deadline: number
}): Approvals | undefined {
  const counts = { erc20: 0, firstGrants: 0, laterGrants: 0 }
  for (const { token, amount } of request.taken) {
    if (token === nativeAddress || amount === 0n) continue
    const reading = readingOf(token, request.readings)
    if (reading === undefined) continue
    if (request.router === 'swapRouter02') {
      // What the allowance is cannot be told: take it for one that must be reset.
      counts.erc20 += countErc20(reading, amount, knownOr(reading.routerAllowance, 1n))
      continue
    }
    const { permit2Allowance, universalRouterGrant: grant } = reading
    if (permit2Allowance.status !== 'known' || grant.status !== 'known') return undefined
    counts.erc20 += countErc20(reading, amount, permit2Allowance.amount)
    if (grant.amount >= amount && grant.expiration >= request.deadline) continue
    if (grant.amount === 0n && grant.expiration === 0) counts.firstGrants += 1
    else counts.laterGrants += 1
  }
  return counts
}

function countErc20({ token }: TokenReading, amount: bigint, allowed: bigint): number {
  if (allowed >= amount) return 0
  return token.resetsAllowance && allowed > 0n ? 2 : 1
}

function readingOf(address: Address, readings: readonly AssetReading[]): TokenReading | undefined {
  for (const { tokens } of readings) {
    const found = tokens.find(({ token }) => token.address === address)
    if (found !== undefined) return found
  }
  return undefined
}

const knownOr = (reading: BalanceReading, other: bigint) => (reading.status === 'known' ? reading.amount : other)
