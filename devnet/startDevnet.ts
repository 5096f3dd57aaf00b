import { randomBytes } from 'node:crypto'
import { bytesToHex, type Hex } from 'viem'
import { localChainId } from '@/lib/chain/deployments/local'
import { type DevnetAccount, emptyHandedAccount, userAccounts, whaleAccount } from './accounts'
import { startAnvil } from './anvil'
import { createDevnetClient, type DevnetClient } from './client'
import { readContractCode } from './contracts'
import { deployContracts } from './deployContracts'
import { keptBaseFee, startHeartbeat } from './heartbeat'
import { ensureDevnet } from './install.mjs'
import { writePastPhases } from './pastPhases'
import { type SeededPool, seededPools } from './pools'
import { sendBatch, sendRpc } from './rpc'
import { seedingSeconds, seedMarket } from './seedMarket'

export type DevnetOptions = {
  /** 0 (the default) takes a free port. */
  readonly rpcPort?: number
  /** 31337 unless a headless test needs another. */
  readonly chainId?: number
  /** Of the first pool prices and the liquidity positions. */
  readonly seed?: number
  /** `mixed` (the default) mines at every transaction and every `blockTimeSeconds`; `instant` only at transactions. */
  readonly mining?: 'mixed' | 'instant'
  readonly blockTimeSeconds?: number
  /** Keeps the feeds fresh and the base fee alive. On unless false. */
  readonly heartbeat?: boolean
  /** Gets progress lines of the first installation. */
  readonly log?: (line: string) => void
}

/** A running local chain. */
export type Devnet = {
  readonly rpcUrl: string
  readonly wsUrl: string
  readonly chainId: number
  /** New at every start; the marker contract returns it. */
  readonly runId: Hex
  readonly seed: number
  readonly accounts: {
    /** The demo account: the first of `users`. */
    readonly demo: DevnetAccount
    /** All hold the same portfolio of about $100k and have nonce 0. */
    readonly users: readonly DevnetAccount[]
    /** Ether only. */
    readonly emptyHanded: DevnetAccount
    /** Holds a lot of everything. */
    readonly whale: DevnetAccount
  }
  readonly pools: readonly SeededPool[]
  /** viem: test, public and wallet actions. Accounts of the node sign by address. */
  readonly client: DevnetClient
  /** Process id of Anvil. */
  readonly anvilPid: number
  readonly timings: { readonly anvilMs: number; readonly readyMs: number }
  /** Called once when the chain has ended, by `stop` or by itself. */
  onExit(listener: () => void): void
  stop(): Promise<void>
}

const seedingGasLimit = 30_000_000_000n
const blockGasLimit = 60_000_000n
const limitAttempts = 10

/** Anvil drops a new limit when it is mining a block just then: so it is set until a block shows it. */
async function limitBlockGas(rpcUrl: string): Promise<void> {
  const limit = `0x${blockGasLimit.toString(16)}`
  for (let attempt = 0; attempt < limitAttempts; attempt++) {
    await sendRpc(rpcUrl, 'evm_setBlockGasLimit', [limit])
    await sendRpc(rpcUrl, 'evm_mine', [])
    const block = await sendRpc(rpcUrl, 'eth_getBlockByNumber', ['latest', false])
    if (typeof block === 'object' && block !== null && 'gasLimit' in block && block.gasLimit === limit) return
  }
  throw new Error(`Anvil did not take the block gas limit ${blockGasLimit}. Start the chain again.`)
}

/**
 * Starts a local chain: Anvil with the real contracts at their canonical addresses and a seeded market. Fetches what is
 * missing first.
 * @throws {DevnetPortBusyError} when the port is taken
 * @throws {DevnetInstallError} when something cannot be fetched
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const { rpcPort = 0, chainId = localChainId, seed = 1, mining = 'mixed', blockTimeSeconds = 2 } = options
  const { anvilPath, contractsPath } = await ensureDevnet(options.log === undefined ? {} : { log: options.log })
  const code = await readContractCode(contractsPath)
  const started = performance.now()
  const anvil = await startAnvil(anvilPath, {
    port: rpcPort,
    args: [
      ...['--chain-id', String(chainId)],
      ...(mining === 'mixed' ? ['--block-time', String(blockTimeSeconds), '--mixed-mining'] : []),
      ...['--block-base-fee-per-gas', String(keptBaseFee), '--gas-limit', String(seedingGasLimit)],
      ...['--timestamp', String(Math.floor(Date.now() / 1000) - seedingSeconds)],
      '--no-request-size-limit',
    ],
  })
  const answered = performance.now()
  const rpcUrl = `http://127.0.0.1:${anvil.port}`
  const runId = bytesToHex(randomBytes(32))
  try {
    await sendBatch(rpcUrl, [{ method: 'anvil_setLoggingEnabled', params: [false] }])
    await deployContracts(rpcUrl, { code, chainId, runId })
    await writePastPhases(rpcUrl, { seed, now: Math.floor(Date.now() / 1000) })
    await seedMarket(rpcUrl, { seed })
    await limitBlockGas(rpcUrl)
  } catch (error) {
    await anvil.stop()
    throw error
  }
  const ready = performance.now()
  const heartbeat = options.heartbeat === false ? undefined : startHeartbeat({ rpcUrl })
  return {
    rpcUrl,
    wsUrl: `ws://127.0.0.1:${anvil.port}`,
    chainId,
    runId,
    seed,
    accounts: { demo: userAccounts[0], users: userAccounts, emptyHanded: emptyHandedAccount, whale: whaleAccount },
    pools: seededPools,
    client: createDevnetClient({ rpcUrl, chainId }),
    anvilPid: anvil.pid,
    timings: { anvilMs: answered - started, readyMs: ready - answered },
    onExit: (listener) => void anvil.ended.then(listener),
    async stop() {
      heartbeat?.stop()
      await anvil.stop()
      await heartbeat?.ended()
    },
  }
}
