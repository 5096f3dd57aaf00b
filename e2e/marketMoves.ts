import type { AssetId } from '@/lib/core/asset'
import { setFeedAnswer } from '../devnet/control/feeds'
import { movePool } from '../devnet/control/pools'
import { seededPools } from '../devnet/pools'
import { startPrice } from '../devnet/prices'
import type { Devnet } from '../devnet/startDevnet'

const wholeBps = 10_000

/** Makes an asset dearer in each of its pools by real swaps of somebody else's. The feeds do not follow. */
export async function makeDearer(devnet: Devnet, assetId: AssetId, bps: number): Promise<void> {
  for (const pool of seededPools.filter(({ assets }) => assets.includes(assetId))) {
    const isFirst = pool.asset0.id === assetId
    await movePool(devnet, pool, isFirst ? bps : Math.round(wholeBps / (1 + bps / wholeBps)) - wholeBps)
  }
}

/** Makes the feed of an asset say what its pools say after {@link makeDearer}. */
export async function letFeedFollow(devnet: Devnet, assetId: AssetId, bps: number): Promise<void> {
  await setFeedAnswer(devnet, assetId, { price: startPrice(assetId) * (1 + bps / wholeBps) })
}
