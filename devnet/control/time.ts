import type { RunningChain } from '../calls'
import { sendBatch } from '../rpc'
import { refreshFeeds } from './feeds'

/** Mines so many blocks, one second apart. */
export async function mine({ rpcUrl }: RunningChain, blocks = 1): Promise<void> {
  await sendBatch(rpcUrl, [{ method: 'anvil_mine', params: [`0x${blocks.toString(16)}`, '0x1'] }])
}

/** Moves the chain's clock forward by so many seconds, mines a block, and refreshes the feeds that aged by it. */
export async function warp(chain: RunningChain, seconds: number): Promise<void> {
  await warpWithoutRefresh(chain, seconds)
  await refreshFeeds(chain)
}

/** Moves the chain's clock and leaves the feeds as they are. The heartbeat, where it runs, refreshes them soon after. */
export async function warpWithoutRefresh({ rpcUrl }: RunningChain, seconds: number): Promise<void> {
  await sendBatch(rpcUrl, [{ method: 'evm_increaseTime', params: [seconds] }])
  await sendBatch(rpcUrl, [{ method: 'evm_mine', params: [] }])
}
