import { startDevnet } from '@/devnet/startDevnet'
import {
  type BenchReport,
  listMissed,
  measureAtMost,
  measureOnly,
  quantile,
  writeMs,
  writeSeconds,
} from './measurement'

const runs = 5

/** How long the local chain takes from zero: contracts deployed, feeds answered, pools seeded. */
export async function measureChainStart(): Promise<BenchReport> {
  const ready: number[] = []
  const anvil: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const devnet = await startDevnet({ heartbeat: false })
    ready.push(devnet.timings.readyMs)
    anvil.push(devnet.timings.anvilMs)
    await devnet.stop()
  }
  const measurements = [
    measureAtMost({
      name: `ready after Anvil answers, median of ${runs}`,
      value: quantile(ready, 0.5) / 1000,
      goal: 1.5,
      write: writeSeconds,
    }),
    measureOnly('the slowest of them', writeSeconds(Math.max(...ready) / 1000)),
    measureOnly('until Anvil answers, median', writeMs(quantile(anvil, 0.5))),
  ]
  return { title: 'Local chain from zero', measurements, losses: listMissed(measurements) }
}
