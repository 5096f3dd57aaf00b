import type { Asset, AssetId } from '@/lib/core/asset'
import { formatTokenAmountFull } from '@/lib/core/numbers/format'
import { parseAmount } from '@/lib/core/numbers/parse'
import { isCounted, type PlanMode, type PlanPolicy } from '@/lib/core/policy/policy'
import type { Snapshot } from '@/lib/core/snapshot'
import type { PlanSettings } from '@/lib/core/targets'
import { findAsset } from './planView'

/** What a plan is for, while its amount is typed. The asset and the text stay when another purpose is chosen. */
export type ModeDraft = { readonly kind: PlanMode['kind']; readonly assetId: AssetId; readonly text: string }

/** A mode with an amount, or one that waits for it: then its amount is zero. */
export type ReadMode =
  | { readonly status: 'ready'; readonly mode: PlanMode }
  | { readonly status: 'waiting'; readonly mode: PlanMode }
  | { readonly status: 'refused'; readonly mode: PlanMode; readonly message: string }

/** Everything to its target. */
export const rebalanceDraft: ModeDraft = { kind: 'rebalance', assetId: '', text: '' }

/** Reads what was typed. */
export function readMode({ kind, assetId, text }: ModeDraft, assets: readonly Asset[]): ReadMode {
  if (kind === 'rebalance') return { status: 'ready', mode: { kind } }
  const none = { kind, assetId, amount: 0n } as const
  const typed = text.trim()
  const asset = findAsset(assets, assetId)
  if (typed === '' || asset === undefined) return { status: 'waiting', mode: none }
  const parsed = parseAmount(typed, asset.decimals)
  if (parsed.status === 'refused') return { status: 'refused', mode: none, message: parsed.message }
  if (parsed.amount === 0n) return { status: 'refused', mode: none, message: 'Enter more than 0.' }
  return { status: 'ready', mode: { kind, assetId, amount: parsed.amount } }
}

/** An amount as it stands in the text box. */
export function amountText(amount: bigint, asset: Pick<Asset, 'decimals'>): string {
  return formatTokenAmountFull(amount, asset.decimals)
}

/** What is held of an asset in base units; missing where it is not known in full. */
export function heldAmount(snapshot: Pick<Snapshot, 'assets'> | undefined, assetId: AssetId): bigint | undefined {
  const tokens = snapshot?.assets.find(({ asset }) => asset.id === assetId)?.tokens
  return tokens?.reduce<bigint | undefined>(
    (sum, { balance }) => (sum === undefined || balance.status !== 'known' ? undefined : sum + balance.amount),
    0n,
  )
}

/** Assets that cash may be in: stable ones that are held come first, then what else there is. */
export type CashChoices = { readonly stable: readonly Asset[]; readonly others: readonly Asset[] }

/** Lists the assets that can be the cash of a mode. What is invested has to be held; what does not count is no cash. */
export function listCashChoices(
  { kind, assetId }: Pick<ModeDraft, 'kind' | 'assetId'>,
  {
    assets,
    snapshot,
    policy,
  }: {
    readonly assets: readonly Asset[]
    readonly snapshot: Pick<Snapshot, 'assets'> | undefined
    readonly policy: PlanPolicy | undefined
  },
): CashChoices {
  const isHeld = ({ id }: Asset) => (heldAmount(snapshot, id) ?? 0n) > 0n
  const isOpen = (asset: Asset) =>
    asset.feed !== undefined &&
    isCounted(policy, asset.id) &&
    (kind !== 'investCash' || snapshot === undefined || isHeld(asset))
  const open = assets.filter((asset) => asset.id === assetId || isOpen(asset))
  const stable = open.filter(({ isStable }) => isStable)
  return {
    stable: [...stable.filter(isHeld), ...stable.filter((asset) => !isHeld(asset))],
    others: open.filter(({ isStable }) => !isStable),
  }
}

/** The most of an asset that can be invested: what is held less what is kept back. Missing where the holding is not known. */
export function measureInvestable(
  asset: Asset,
  {
    snapshot,
    settings,
    nativeReserveFloor,
    isNative,
  }: {
    readonly snapshot: Pick<Snapshot, 'assets'> | undefined
    readonly settings: Pick<PlanSettings, 'nativeReserve' | 'policy'>
    readonly nativeReserveFloor: bigint
    readonly isNative: boolean
  },
): bigint | undefined {
  const held = heldAmount(snapshot, asset.id)
  if (held === undefined) return undefined
  const reserve = settings.policy?.cashReserve
  const kept = reserve?.assetId === asset.id ? reserve.amount : 0n
  const gas = isNative ? larger(settings.nativeReserve, nativeReserveFloor) : 0n
  return larger(0n, held - larger(kept, gas))
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)
