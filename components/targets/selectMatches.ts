import type { Asset } from '@/lib/core/asset'

/** How well an asset fits what was typed, smaller being closer; nothing when it does not fit. */
function rankMatch({ id, name, tokens }: Asset, wanted: string): number | undefined {
  const symbols = [id, ...tokens.map(({ symbol }) => symbol)].map((symbol) => symbol.toLowerCase())
  if (symbols.includes(wanted)) return 0
  if (symbols.some((symbol) => symbol.startsWith(wanted))) return 1
  if (name.toLowerCase().startsWith(wanted)) return 2
  if (symbols.some((symbol) => symbol.includes(wanted)) || name.toLowerCase().includes(wanted)) return 3
  return tokens.some(({ address }) => address.toLowerCase() === wanted) ? 0 : undefined
}

/** Selects the assets whose symbol, name or address fits what was typed, the closest first; all where nothing was typed. */
export function selectMatches(assets: readonly Asset[], text: string): readonly Asset[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return assets
  return assets
    .flatMap((asset) => {
      const rank = rankMatch(asset, wanted)
      return rank === undefined ? [] : [{ asset, rank }]
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ asset }) => asset)
}
