import * as v from 'valibot'
import type { AssetCloses, DailyClose } from '@/lib/core/history/priceHistory'
import { toUsd, usdUnit } from '@/lib/core/units'
import { createStore, type SaveOutcome, type Store } from './createStore'

const maxAssets = 500
/** Twenty years. */
const maxDays = 7_300
const usdDecimals = 18

const day = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))

/** Closes as text, one for each day from the first: dollars, and nothing for a day without one. A tenth of what objects take. */
const schema = v.object({
  assets: v.pipe(
    v.array(
      v.object({
        assetId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
        fromDay: day,
        usd: v.pipe(v.string(), v.regex(/^(?:\d{1,30}(?:\.\d{1,18})?)?(?:,(?:\d{1,30}(?:\.\d{1,18})?)?)*$/)),
        gaps: v.pipe(
          v.array(
            v.object({
              fromDay: day,
              toDay: day,
              reason: v.picklist(['noRound', 'stale', 'notPositive', 'disordered', 'unread']),
            }),
          ),
          v.maxLength(maxDays),
        ),
      }),
    ),
    v.maxLength(maxAssets),
  ),
})

type StoredHistory = v.InferOutput<typeof schema>
type StoredAsset = StoredHistory['assets'][number]

function toText(usd: bigint): string {
  const fraction = (usd % usdUnit).toString().padStart(usdDecimals, '0').replace(/0+$/, '')
  return `${usd / usdUnit}${fraction === '' ? '' : `.${fraction}`}`
}

function fromText(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(usdDecimals, '0'))
}

function encodeAsset({ assetId, closes, gaps }: AssetCloses): StoredAsset {
  const fromDay = closes[0]?.day ?? 0
  const texts: string[] = []
  for (const { day: of, usd } of closes) texts[of - fromDay] = toText(usd)
  return { assetId, fromDay, usd: Array.from(texts, (text) => text ?? '').join(','), gaps: [...gaps] }
}

/** Nothing where a close is zero, a gap runs backwards, there are too many days, or a day has both a close and a gap. */
function decodeAsset({ assetId, fromDay, usd, gaps }: StoredAsset): AssetCloses | undefined {
  const closes = usd
    .split(',')
    .flatMap((text, index): DailyClose[] => (text === '' ? [] : [{ day: fromDay + index, usd: toUsd(fromText(text)) }]))
  const isPossible =
    closes.length <= maxDays &&
    closes.every((close) => close.usd > 0n) &&
    gaps.every((gap, index) => gap.fromDay <= gap.toDay && gap.fromDay > (gaps[index - 1]?.toDay ?? -1)) &&
    gaps.every((gap) => closes.every((close) => close.day < gap.fromDay || close.day > gap.toDay))
  return isPossible ? { assetId, closes, gaps } : undefined
}

/** The daily closes that the device knows of a chain's assets. No method throws. */
export type HistoryStore = {
  /** What is damaged or of another version reads as nothing: then it is read from the chain again. */
  read(): readonly AssetCloses[]
  /** Keeps the closes of all assets; without room, until the page closes. */
  save(assets: readonly AssetCloses[]): SaveOutcome
  clear(): void
}

const stores = new Map<number, Store<StoredHistory>>()

/** The daily closes that were read of a chain. */
export function historyStore(chainId: number): HistoryStore {
  const store = stores.get(chainId) ?? createStore({ key: `history.${chainId}`, version: 1, schema })
  stores.set(chainId, store)
  return {
    read: () => (store.read()?.assets ?? []).flatMap((asset) => decodeAsset(asset) ?? []),
    save: (assets) => store.save({ assets: assets.map(encodeAsset) }),
    clear: () => store.clear(),
  }
}
