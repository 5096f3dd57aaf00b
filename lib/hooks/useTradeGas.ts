import { useQuery } from '@tanstack/react-query'
import { nativeAddress } from '@/lib/core/asset'
import { priceUsd } from '@/lib/core/portfolio/portfolio'
import { usdUnit } from '@/lib/core/units'
import { type SnapshotQueryRequest, snapshotQuery } from '@/lib/query/snapshotQuery'

/** What one trade of a bundle takes, with its share of the approvals. */
const gasUnitsOfTrade = 250_000
const weiOfCoin = 1e18

/** What one trade's gas costs in dollars, by the base fee of the last block that was read; nothing is read for it. */
export function useTradeGas(request: SnapshotQueryRequest): number | undefined {
  const { data } = useQuery({ ...snapshotQuery(request), enabled: false })
  const native = data?.assets.find(({ asset }) => asset.tokens.some(({ address }) => address === nativeAddress))
  const usd = native === undefined ? undefined : priceUsd(native.price)
  if (data === undefined || usd === undefined) return undefined
  // {usd} = {gas} {wei/gas} / {wei/coin} {usd/coin}
  return ((gasUnitsOfTrade * Number(data.block.baseFeePerGas)) / weiOfCoin) * (Number(usd) / Number(usdUnit))
}
