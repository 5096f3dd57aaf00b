import type { AssetId } from '@/lib/core/asset'
import { maxTargets, type Targets, type TargetWeight } from '@/lib/core/targets'
import { fillRemainder, normaliseWeights, redistributeWeights } from '@/lib/core/targetsEdit'
import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import { type Bps, bpsWhole, toBps } from '@/lib/core/units'

/** One asset while its target is edited: the text as it was typed, right or wrong. */
export type DraftRow = { readonly assetId: AssetId; readonly text: string; readonly isLocked: boolean }

/** Targets while they are edited. Each asset stands once. */
export type TargetsDraft = readonly DraftRow[]

/** What keeps a draft from being saved, or nothing. */
export type DraftState =
  | { readonly status: 'ready'; readonly sumBps: number; readonly targets: Targets }
  | { readonly status: 'empty'; readonly sumBps: number }
  | { readonly status: 'tooMany'; readonly sumBps: number; readonly count: number }
  | { readonly status: 'unreadable'; readonly sumBps: number; readonly assetIds: readonly AssetId[] }
  | { readonly status: 'short'; readonly sumBps: number; readonly missingBps: number }
  | { readonly status: 'over'; readonly sumBps: number; readonly excessBps: number }

function rowWeight({ text }: DraftRow): Bps {
  const parsed = parseWeightPercent(text)
  return parsed.status === 'parsed' ? parsed.weightBps : toBps(0)
}

/** The weights of a draft; what cannot be read counts as nothing. */
export function draftWeights(draft: TargetsDraft): readonly TargetWeight[] {
  return draft.map((row) => ({ assetId: row.assetId, weightBps: rowWeight(row) }))
}

/** Starts a draft from weights. */
export function toDraft(weights: readonly TargetWeight[]): TargetsDraft {
  return weights.map(({ assetId, weightBps }) => ({ assetId, text: weightPercentText(weightBps), isLocked: false }))
}

/** Puts new weights into a draft, keeping its rows and locks. */
function withWeights(draft: TargetsDraft, weights: readonly TargetWeight[]): TargetsDraft {
  const texts = new Map(weights.map(({ assetId, weightBps }) => [assetId, weightPercentText(weightBps)]))
  return draft.map((row) => ({ ...row, text: texts.get(row.assetId) ?? row.text }))
}

const lockedIds = (draft: TargetsDraft) => draft.filter(({ isLocked }) => isLocked).map(({ assetId }) => assetId)

/** Takes what was typed for one asset. The other rows stay as they are. */
export function typeWeight(draft: TargetsDraft, assetId: AssetId, text: string): TargetsDraft {
  return draft.map((row) => (row.assetId === assetId ? { ...row, text } : row))
}

/** Moves one weight; those that are not locked give or take the difference. */
export function slideWeight(draft: TargetsDraft, assetId: AssetId, weightBps: number): TargetsDraft {
  const weights = redistributeWeights({
    weights: draftWeights(draft),
    movedAssetId: assetId,
    weightBps: toBps(weightBps),
    lockedAssetIds: lockedIds(draft),
  })
  return withWeights(draft, weights)
}

/** Locks a row, so that nothing but typing changes it, or unlocks it. */
export function toggleLock(draft: TargetsDraft, assetId: AssetId): TargetsDraft {
  return draft.map((row) => (row.assetId === assetId ? { ...row, isLocked: !row.isLocked } : row))
}

/** Adds an asset at the end with no weight. */
export function addAsset(draft: TargetsDraft, assetId: AssetId): TargetsDraft {
  if (draft.some((row) => row.assetId === assetId)) return draft
  return [...draft, { assetId, text: '0', isLocked: false }]
}

/** Gives each of these assets a row, so that what is laid down for it can be seen, and those that do not count no weight. */
export function withRuled(
  draft: TargetsDraft,
  { ruled, excluded }: { readonly ruled: readonly AssetId[]; readonly excluded: readonly AssetId[] },
): TargetsDraft {
  return ruled
    .reduce(addAsset, draft)
    .map((row) => (excluded.includes(row.assetId) ? { ...row, text: '0', isLocked: true } : row))
}

/** Lets an asset take part in what is shared out again. */
export function unlockRow(draft: TargetsDraft, assetId: AssetId): TargetsDraft {
  return draft.map((row) => (row.assetId === assetId ? { ...row, isLocked: false } : row))
}

/** Takes an asset out. */
export function removeAsset(draft: TargetsDraft, assetId: AssetId): TargetsDraft {
  return draft.filter((row) => row.assetId !== assetId)
}

/** Changes the rows that are not locked so that all sum to 100 %, by a rule for what they share. */
function shareOut(
  draft: TargetsDraft,
  shape: (free: readonly TargetWeight[]) => readonly TargetWeight[],
): TargetsDraft {
  const locked = new Set(lockedIds(draft))
  const weights = draftWeights(draft)
  const free = shape(weights.filter(({ assetId }) => !locked.has(assetId)))
  const [first] = weights.filter(({ assetId }) => locked.has(assetId))
  if (first === undefined) return withWeights(draft, normaliseWeights(free))
  // Moving a locked weight to where it is lets the others share what all locked ones leave.
  const shaped = new Map(free.map(({ assetId, weightBps }) => [assetId, weightBps]))
  return withWeights(
    draft,
    redistributeWeights({
      weights: weights.map(({ assetId, weightBps }) => ({ assetId, weightBps: shaped.get(assetId) ?? weightBps })),
      movedAssetId: first.assetId,
      weightBps: first.weightBps,
      lockedAssetIds: [...locked],
    }),
  )
}

/** Scales the rows that are not locked so that all sum to 100 %. */
export function normaliseDraft(draft: TargetsDraft): TargetsDraft {
  return shareOut(draft, (free) => free)
}

/** The same weight for every row that is not locked. */
export function equaliseDraft(draft: TargetsDraft): TargetsDraft {
  return shareOut(draft, (free) => free.map(({ assetId }) => ({ assetId, weightBps: toBps(0) })))
}

/** Gives one asset all that the others leave; nothing changes where they leave nothing. */
export function fillDraft(draft: TargetsDraft, assetId: AssetId): TargetsDraft {
  const filled = fillRemainder(draftWeights(draft), assetId)
  if (filled.status === 'overfull') return draft
  const rest = filled.weights.find((entry) => entry.assetId === assetId)
  return rest === undefined ? draft : typeWeight(draft, assetId, weightPercentText(rest.weightBps))
}

/** Whether a draft can be saved, and if not, why. Rows at 0 % are left out of what is saved. */
export function measureDraft(draft: TargetsDraft): DraftState {
  const weights = draftWeights(draft)
  const sumBps = weights.reduce((sum, { weightBps }) => sum + weightBps, 0)
  const unreadable = draft.filter(({ text }) => parseWeightPercent(text).status === 'refused')
  if (draft.length === 0) return { status: 'empty', sumBps }
  if (unreadable.length > 0) return { status: 'unreadable', sumBps, assetIds: unreadable.map(({ assetId }) => assetId) }
  if (sumBps < bpsWhole) return { status: 'short', sumBps, missingBps: bpsWhole - sumBps }
  if (sumBps > bpsWhole) return { status: 'over', sumBps, excessBps: sumBps - bpsWhole }
  const wanted = weights.filter(({ weightBps }) => weightBps > 0)
  if (wanted.length > maxTargets) return { status: 'tooMany', sumBps, count: wanted.length }
  return { status: 'ready', sumBps, targets: { weights: wanted } }
}
