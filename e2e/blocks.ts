import type { Devnet } from '../devnet/startDevnet'

/** From now on a block comes only when the test asks for one. */
export async function holdBlocks({ client }: Devnet): Promise<void> {
  await client.setIntervalMining({ interval: 0 })
  await client.setAutomine(false)
}

/** One block with all that waits, and from then on one with each transaction. */
export async function releaseBlocks({ client }: Devnet): Promise<void> {
  await client.setAutomine(true)
  await client.mine({ blocks: 1 })
}
