import { localChainId } from '@/lib/chain/deployments/local'
import { parseFlags } from '../scripts/flags.mjs'
import { StopLine } from '../scripts/stopLine.mjs'
import { AnvilStartError, DevnetPortBusyError } from './anvil'
import { DevnetInstallError } from './install.mjs'
import { startDevnet } from './startDevnet'
import { toInteger } from './toInteger'

const help = `Starts the local chain alone.

  npm run devnet -- [flags]

  --rpc-port N   where it listens (8545)
  --chain-id N   another chain id than ${localChainId}, for headless tests only
  --seed N       draws other pool prices and positions (1)
  --help         this text
`

const flags = parseFlags(
  process.argv.slice(2),
  {
    'rpc-port': { kind: 'port', fallback: 8545 },
    'chain-id': { kind: 'text', fallback: String(localChainId) },
    seed: { kind: 'text', fallback: '1' },
    help: { kind: 'switch' },
  },
  'npm run devnet --',
)

if (flags.help === true) {
  process.stdout.write(help)
} else {
  const options = {
    rpcPort: Number(flags['rpc-port']),
    chainId: toInteger('chain-id', String(flags['chain-id']), { least: 1 }),
    seed: toInteger('seed', String(flags.seed), { most: 0xffffffff }),
  }
  const starting = startDevnet({ ...options, log: (line) => process.stderr.write(`${line}\n`) })
  let isEnding = false
  const end = async () => {
    if (isEnding) return
    isEnding = true
    await starting.then(
      (devnet) => devnet.stop(),
      () => undefined,
    )
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)

  const devnet = await starting.catch((error) => {
    const isKnown =
      error instanceof DevnetPortBusyError || error instanceof AnvilStartError || error instanceof DevnetInstallError
    throw isKnown ? new StopLine(error.message) : error
  })
  process.stdout.write(`Local chain at ${devnet.rpcUrl} (chain ${devnet.chainId})\n`)
  devnet.onExit(() => {
    if (isEnding) return
    process.stderr.write('The local chain ended by itself: start it again.\n')
    process.exit(1)
  })
}
