import type { BundleSimulation } from '@/lib/chain/bundle/simulateBundle'
import type { Delegation } from '@/lib/chain/wallet/readDelegation'
import { assertNever } from '@/lib/core/units'

/** What forbids signing whatever a person does. */
export type SignBlock = {
  readonly code: 'bundleViolation' | 'simulationFailed' | 'tokenRefuses' | 'simulationUnavailable' | 'unknownDelegate'
  readonly title: string
  readonly body: string
}

/** Looks for what forbids signing: a violation, a failed or missing simulation, foreign code that controls the account. */
export function selectSignBlock({
  violations,
  refusals,
  simulation,
  delegation,
}: {
  readonly violations: readonly string[]
  /** The tokens that would not move, each in a sentence. */
  readonly refusals: readonly string[]
  readonly simulation: BundleSimulation
  readonly delegation: Delegation
}): SignBlock | undefined {
  if (violations.length > 0) {
    return {
      code: 'bundleViolation',
      title: 'These calls differ from the plan. Nothing can be signed.',
      body: violations.join(' '),
    }
  }
  if (delegation.kind === 'unknown') {
    return {
      code: 'unknownDelegate',
      title: 'Your account is controlled by code that is not known',
      body: `It is delegated to the contract ${delegation.delegate}, which could take whatever is bought. Remove that delegation in your wallet first.`,
    }
  }
  switch (simulation.status) {
    case 'reverted':
      if (refusals.length > 0) {
        return {
          code: 'tokenRefuses',
          title: refusals.length === 1 ? 'A token refuses to move' : 'Some tokens refuse to move',
          body: `${refusals.join(' ')} So call ${simulation.callIndex + 1} stops with “${simulation.reason}”, and nothing can be signed. Plan without ${refusals.length === 1 ? 'it' : 'them'}, or wait until that changes.`,
        }
      }
      return {
        code: 'simulationFailed',
        title: 'The simulation of these calls fails',
        body: `Call ${simulation.callIndex + 1} stops with “${simulation.reason}”. Plan again; the market may have moved.`,
      }
    case 'unavailable':
      return {
        code: 'simulationUnavailable',
        title: 'These calls could not be simulated',
        body: `${simulation.reason} Use an RPC endpoint that offers eth_simulateV1.`,
      }
    case 'succeeded':
      return undefined
    default:
      return assertNever(simulation)
  }
}

/** What the button under the review depends on. */
export type SignFacts = {
  readonly isConnected: boolean
  readonly isSameAccount: boolean
  readonly isOnOtherChain: boolean
  readonly chainName: string
  readonly isBlocked: boolean
  readonly isLossMissing: boolean
  /** The word that a drought asks for is not typed. */
  readonly isWordMissing: boolean
  readonly isStarting: boolean
  /** Another tab works on a rebalance of this account. */
  readonly isHeldElsewhere: boolean
}

/** The button under the review: what it says and does, and if it does nothing, why. */
export type SignAction = {
  readonly kind: 'sign' | 'switchChain' | 'connect'
  readonly label: string
  readonly isBusy: boolean
  readonly isDisabled: boolean
  readonly reason?: string
}

/** Chooses the button under the review. */
export function selectSignAction(facts: SignFacts): SignAction {
  const sign = { kind: 'sign', label: 'Sign and send', isBusy: false } as const
  if (!facts.isConnected) {
    return {
      kind: 'connect',
      label: 'Connect wallet',
      isBusy: false,
      isDisabled: false,
      reason: 'Signing needs the wallet of this account.',
    }
  }
  if (!facts.isSameAccount) {
    return { ...sign, isDisabled: true, reason: 'Your wallet uses another account than this plan.' }
  }
  if (facts.isOnOtherChain) {
    return {
      kind: 'switchChain',
      label: `Switch to ${facts.chainName}`,
      isBusy: false,
      isDisabled: false,
      reason: `Your wallet is on another chain. These calls are for ${facts.chainName}.`,
    }
  }
  if (facts.isBlocked) return { ...sign, isDisabled: true, reason: 'Blocked for the reason above.' }
  if (facts.isHeldElsewhere) {
    return { ...sign, isDisabled: true, reason: 'A rebalance is already waiting in another tab.' }
  }
  if (facts.isStarting)
    return { ...sign, isBusy: true, isDisabled: true, reason: 'Checking quotes and balances again.' }
  if (facts.isLossMissing) return { ...sign, isDisabled: true, reason: 'Type the loss first.' }
  if (facts.isWordMissing) return { ...sign, isDisabled: true, reason: 'Type the word first.' }
  return { ...sign, isDisabled: false }
}
