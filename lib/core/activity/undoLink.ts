import type { Hex } from '../units'

const pattern = /^#undo=(0x[0-9a-f]{64})$/

/** The fragment of an address that asks for the way back to before a rebalance. No server sees it. */
export function composeUndoFragment(txHash: Hex): string {
  return `#undo=${txHash.toLowerCase()}`
}

/** The transaction that a fragment asks to go back behind; nothing where it asks for nothing, or is not one of ours. */
export function parseUndoFragment(fragment: string): Hex | undefined {
  return pattern.exec(fragment)?.[1] as Hex | undefined
}
