import type { RunningChain } from './calls'
import { readFeeds, refreshFeeds } from './control/feeds'
import { sendBatch } from './rpc'

/** What the base fee is kept at: on an idle chain it would decay to 7 wei, and gas costs on screen become nonsense. */
export const keptBaseFee = 1_000_000_000n

const beatMs = 1_000
const resetBaseFee = {
  method: 'anvil_setNextBlockBaseFeePerGas',
  params: [`0x${keptBaseFee.toString(16)}`],
}

/**
 * Once a second: keeps the base fee alive, and refreshes the feeds when one of them has lived half of its heartbeat.
 * A beat that fails is left to the next one.
 */
export function startHeartbeat(chain: RunningChain): { stop(): void; readonly ended: () => Promise<void> } {
  let refreshAt = 0n
  let beating = Promise.resolve()
  let isBeating = false

  async function beat(): Promise<void> {
    const [head] = await sendBatch(chain.rpcUrl, [
      { method: 'eth_getBlockByNumber', params: ['latest', false] },
      resetBaseFee,
    ])
    if (BigInt((head as { timestamp: string }).timestamp) < refreshAt) return
    await refreshFeeds(chain)
    const { now, rounds } = await readFeeds(chain)
    const due = rounds
      .filter(({ isHeld }) => !isHeld)
      .map(({ feed, updatedAt }) => updatedAt + BigInt(Math.floor(feed.heartbeatSeconds / 2)))
    refreshAt = due.reduce((first, at) => (at < first ? at : first), now + 600n)
  }

  const timer = setInterval(() => {
    if (isBeating) return
    isBeating = true
    beating = beat()
      .catch(() => undefined)
      .finally(() => {
        isBeating = false
      })
  }, beatMs)
  timer.unref()
  return {
    stop: () => clearInterval(timer),
    ended: () => beating,
  }
}
