import { runMarkerAddress } from '@/lib/chain/runMarker'
import { parseFlags } from '../../scripts/flags.mjs'
import { StopLine } from '../../scripts/stopLine.mjs'
import { sendRpc } from '../rpc'
import { toInteger } from '../toInteger'
import { type MarketState, readMarket, stepMarket } from './stepMarket'

const help = `Moves the prices of a local chain that runs: feeds walk, an arbitrageur trades the pools after them.

  npm run market -- [flags]

  --steps N         how many steps (50)
  --seed N          the walk: the same seed goes the same way (7)
  --rpc-url URL     the local chain (http://127.0.0.1:8545)
  --interval-ms N   pause between two steps (0)
  --help            this text
`

const flags = parseFlags(
  process.argv.slice(2),
  {
    steps: { kind: 'text', fallback: '50' },
    seed: { kind: 'text', fallback: '7' },
    'rpc-url': { kind: 'text', fallback: 'http://127.0.0.1:8545' },
    'interval-ms': { kind: 'text', fallback: '0' },
    help: { kind: 'switch' },
  },
  'npm run market --',
)

/** Refuses whatever is not our local chain: another chain has neither these accounts nor these feeds. */
async function requireLocalChain(rpcUrl: string): Promise<void> {
  const code = await sendRpc(rpcUrl, 'eth_getCode', [runMarkerAddress, 'latest']).catch((cause) => {
    throw new StopLine(`Nothing answers at ${rpcUrl}: start the local chain with npm run devnet.`, { cause })
  })
  if (code === '0x') throw new StopLine(`${rpcUrl} is not a local chain of Ballast: start one with npm run devnet.`)
}

function printStep({ step, prices }: MarketState, swaps: number): void {
  const shown = ['ETH', 'WBTC', 'LINK', 'UNI', 'AAVE'].map((id) => `${id} ${(prices[id] ?? 0).toPrecision(6)}`)
  process.stdout.write(`${String(step).padStart(4)}  ${shown.join('  ')}  ${swaps} swaps\n`)
}

if (flags.help === true) {
  process.stdout.write(help)
} else {
  const steps = toInteger('steps', String(flags.steps), { least: 1 })
  const seed = toInteger('seed', String(flags.seed), { most: 0xffffffff })
  const intervalMs = toInteger('interval-ms', String(flags['interval-ms']))
  const chain = { rpcUrl: String(flags['rpc-url']) }
  await requireLocalChain(chain.rpcUrl)
  let state = await readMarket(chain, { seed })
  for (let index = 0; index < steps; index++) {
    if (index > 0 && intervalMs > 0) await new Promise((resolve) => setTimeout(resolve, intervalMs))
    const stepped = await stepMarket(chain, state)
    state = stepped.state
    printStep(state, stepped.swaps)
  }
}
