import { type Address, getAddress, isAddress } from 'viem'

/** What a typed or pasted text is. Only a whole address with a right checksum, or without one, is taken. */
export type CheckedAddress =
  | { readonly status: 'address'; readonly address: Address }
  | { readonly status: 'empty' | 'notAddress' | 'wrongChecksum' }

const shape = /^0x[0-9a-fA-F]{40}$/

/** Checks a text that is meant as an address. All small or all capital letters carry no checksum (EIP-55). */
export function checkAddressText(text: string): CheckedAddress {
  const trimmed = text.trim()
  if (trimmed === '') return { status: 'empty' }
  if (!shape.test(trimmed)) return { status: 'notAddress' }
  const digits = trimmed.slice(2)
  const lowered = `0x${digits.toLowerCase()}`
  const isWithoutChecksum = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!isWithoutChecksum && !isAddress(trimmed)) return { status: 'wrongChecksum' }
  return { status: 'address', address: getAddress(lowered) }
}
