import * as v from 'valibot'
import type { Address, Hex } from '@/lib/core/units'

/** A short text, such as an asset's id. */
export const text = v.pipe(v.string(), v.maxLength(200))

/** Whole bytes. */
export const hex = v.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value))

export const address = v.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** Base units, wei or a block's number. */
export const amount = v.pipe(v.bigint(), v.minValue(0n))
