import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { sumPulled } from './bundleFacts'
import type { BundleSimulation, SimulatedToken } from './simulateBundle'

/** Where a simulation does something else than the bytes say. Any of them blocks signing. */
export type SimulationViolation =
  | { readonly kind: 'spendsDifferently'; readonly token: Address; readonly delta: bigint; readonly expected: bigint }
  | { readonly kind: 'receivesTooLittle'; readonly token: Address; readonly delta: bigint; readonly minimum: bigint }
  | { readonly kind: 'changesForeignToken'; readonly token: Address; readonly delta: bigint }
  | {
      readonly kind: 'raisesAllowance'
      readonly token: Address
      readonly spender: Address
      readonly before: bigint
      readonly after: bigint
    }
  | { readonly kind: 'leavesInRouter'; readonly token: Address; readonly amount: bigint }
  | { readonly kind: 'unreadable'; readonly token: Address }

/**
 * Compares simulated effects with the decoded bytes: what is sold leaves exactly, what is bought arrives with its minimum at least,
 * nothing else moves, no allowance ends higher, Permit2's included (A-05), and nothing stays in the router (A-06).
 */
export function checkSimulation(
  simulation: Extract<BundleSimulation, { status: 'succeeded' }>,
  decoded: DecodedBundle,
): readonly SimulationViolation[] {
  const effects = expectedEffects(decoded)
  const missing = simulation.unreadable.filter((token) => effects.has(token.toLowerCase()))
  return [
    ...missing.map((token): SimulationViolation => ({ kind: 'unreadable', token })),
    ...simulation.tokens.flatMap((token) => checkToken(token, effects.get(token.token.toLowerCase()))),
  ]
}

type Effect = { readonly paid: bigint; readonly minimum: bigint; readonly isBought: boolean }

function expectedEffects(decoded: DecodedBundle): ReadonlyMap<string, Effect> {
  const effects = new Map<string, Effect>()
  const add = (token: Address, change: Partial<Effect>) => {
    const known = effects.get(token.toLowerCase()) ?? { paid: 0n, minimum: 0n, isBought: false }
    effects.set(token.toLowerCase(), {
      paid: known.paid + (change.paid ?? 0n),
      minimum: known.minimum + (change.minimum ?? 0n),
      isBought: known.isBought || (change.isBought ?? false),
    })
  }
  for (const [token, paid] of sumPulled(decoded)) add(token, { paid })
  if (decoded.value > 0n) add(nativeAddress, { paid: decoded.value })
  for (const step of decoded.steps) {
    if (step.kind === 'payOut') add(step.token, { minimum: step.minimumOut, isBought: true })
    if (step.kind === 'swap' && step.recipient !== decoded.router) {
      add(step.tokenOut, { minimum: step.minimumOut, isBought: true })
    }
  }
  return effects
}

function checkToken(reading: SimulatedToken, effect: Effect | undefined): readonly SimulationViolation[] {
  const { token, allowances, routerBalanceBefore, routerBalanceAfter } = reading
  const delta = reading.balanceAfter - reading.balanceBefore
  const violations: SimulationViolation[] = []
  if (effect === undefined) {
    if (delta !== 0n) violations.push({ kind: 'changesForeignToken', token, delta })
  } else if (effect.isBought) {
    const minimum = effect.minimum - effect.paid
    if (delta < minimum) violations.push({ kind: 'receivesTooLittle', token, delta, minimum })
  } else if (delta !== -effect.paid) {
    violations.push({ kind: 'spendsDifferently', token, delta, expected: -effect.paid })
  }
  for (const { spender, before, after } of allowances) {
    if (after > before) violations.push({ kind: 'raisesAllowance', token, spender, before, after })
  }
  if (routerBalanceAfter > routerBalanceBefore) {
    violations.push({ kind: 'leavesInRouter', token, amount: routerBalanceAfter - routerBalanceBefore })
  }
  return violations
}
