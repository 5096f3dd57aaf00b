import { formatTokenAmountFull } from '@/lib/core/numbers/format'
import { parseAmount } from '@/lib/core/numbers/parse'
import type { PlanSettings } from '@/lib/core/targets'
import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import type { Bps } from '@/lib/core/units'

/** Limits while they are edited, as typed. */
export type LimitsDraft = {
  readonly band: string
  readonly slippage: string
  readonly stableSlippage: string
  readonly reserve: string
}

/** Why a field is not taken, for each field that is not. */
export type LimitsRefusals = { readonly [Field in keyof LimitsDraft]?: string }

export type ParsedLimits =
  | { readonly status: 'parsed'; readonly settings: PlanSettings }
  | { readonly status: 'refused'; readonly refusals: LimitsRefusals }

const nativeDecimals = 18
const maxBandBps = 5_000
const maxSlippageBps = 100

/** Starts a draft from settings. */
export function toLimitsDraft(settings: PlanSettings): LimitsDraft {
  return {
    band: weightPercentText(settings.bandBps),
    slippage: weightPercentText(settings.slippageBps),
    stableSlippage: weightPercentText(settings.stableSlippageBps),
    reserve: formatTokenAmountFull(settings.nativeReserve, nativeDecimals),
  }
}

type Parsed<Value> = { readonly value: Value } | { readonly refusal: string }

function parseShare(text: string, limit: { readonly maxBps: number; readonly message: string }): Parsed<Bps> {
  const parsed = parseWeightPercent(text.trim())
  if (parsed.status === 'refused') return { refusal: parsed.message }
  return parsed.weightBps > limit.maxBps ? { refusal: limit.message } : { value: parsed.weightBps }
}

function parseReserve(text: string): Parsed<bigint> {
  const parsed = parseAmount(text.trim(), nativeDecimals)
  return parsed.status === 'parsed' ? { value: parsed.amount } : { refusal: parsed.message }
}

/** Takes what was typed for limits, or says for each field why not. */
export function parseLimits(draft: LimitsDraft): ParsedLimits {
  const slippageLimit = { maxBps: maxSlippageBps, message: 'Enter at most 1 %.' }
  const band = parseShare(draft.band, { maxBps: maxBandBps, message: 'Enter at most 50.' })
  const slippage = parseShare(draft.slippage, slippageLimit)
  const stableSlippage = parseShare(draft.stableSlippage, slippageLimit)
  const reserve = parseReserve(draft.reserve)
  if ('value' in band && 'value' in slippage && 'value' in stableSlippage && 'value' in reserve) {
    const settings: PlanSettings = {
      bandBps: band.value,
      slippageBps: slippage.value,
      stableSlippageBps: stableSlippage.value,
      nativeReserve: reserve.value,
    }
    return { status: 'parsed', settings }
  }
  const refusals: LimitsRefusals = {
    ...('refusal' in band && { band: band.refusal }),
    ...('refusal' in slippage && { slippage: slippage.refusal }),
    ...('refusal' in stableSlippage && { stableSlippage: stableSlippage.refusal }),
    ...('refusal' in reserve && { reserve: reserve.refusal }),
  }
  return { status: 'refused', refusals }
}
