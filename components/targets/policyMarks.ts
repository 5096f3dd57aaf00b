import type { PolicyDraft } from './policyDraft'

/**
 * What is laid down for the whole portfolio, in short; nothing where it is as it is for everybody.
 * @example ['only out of band', 'half-way', 'keeps 500 USDC']
 */
export function listPolicyMarks(draft: PolicyDraft): readonly string[] {
  const { scope, destination, reserve, reserveAssetId, turnoverCap, minimumTrade } = draft
  return [
    ...(scope === 'outOfBand' ? ['only out of band'] : []),
    ...(destination === 'halfway' ? ['half-way'] : []),
    ...(destination === 'edge' ? ['to the edge'] : []),
    ...(reserve.trim() === '' ? [] : [`keeps ${reserve.trim()} ${reserveAssetId}`]),
    ...(turnoverCap.trim() === '' ? [] : [`sells at most ${turnoverCap.trim()} %`]),
    ...(minimumTrade.trim() === '' ? [] : [`trades from $${minimumTrade.trim()}`]),
  ]
}
