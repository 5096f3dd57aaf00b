import { size, type TransactionReceipt } from 'viem'
import type { DevnetAccount } from '@/devnet/accounts'
import { sendRpc } from '@/devnet/rpc'
import { bundleCalls } from '@/lib/chain/bundle/hashBundle'
import { localDeployment } from '@/lib/chain/deployments/local'
import { loggerOf } from '@/lib/chain/execution/swapEvents'
import type { RebalancePlan, RouterName } from '@/lib/core/rebalance/plan'
import type { Hex } from '@/lib/core/units'
import { composeScenario, type GasScenario, gasScenarios } from './gasScenarios'
import {
  type BenchReport,
  listMissed,
  type Measurement,
  measureAtMost,
  measureOnly,
  writeGas,
  writeRatio,
} from './measurement'
import { type BenchChain, passBlock, rollBackAfter, sendBatch, sendOneByOne, sumGas, withBenchChain } from './sending'
import { type Approving, type EtherDelivery, encodeSeparately } from './separateSwaps'

type GasOfRun = { readonly gas: bigint; readonly transactions: number; readonly floor?: bigint }
type GasOfWay = { readonly first: GasOfRun; readonly again: GasOfRun }

/** Does the swaps twice: from an account that has approved nothing, and again afterwards. The chain is put back. */
function measureTwice(chain: BenchChain, once: (run: 'first' | 'again') => Promise<GasOfRun>): Promise<GasOfWay> {
  return rollBackAfter(chain, async () => {
    await passBlock(chain)
    const first = await once('first')
    await passBlock(chain)
    return { first, again: await once('again') }
  })
}

function toGasOfRun(receipts: readonly TransactionReceipt[], floor?: bigint): GasOfRun {
  const run = { gas: sumGas(receipts), transactions: receipts.length }
  return floor === undefined ? run : { ...run, floor }
}

function measureSeparate(
  chain: BenchChain,
  account: DevnetAccount,
  { swaps }: GasScenario,
  how: { readonly approving: Approving; readonly delivery: EtherDelivery },
) {
  return measureTwice(chain, async (run) => {
    const { plan } = await composeScenario(chain, account.address, { swaps, router: 'swapRouter02' })
    return toGasOfRun(await sendOneByOne(chain, account, encodeSeparately(plan, { ...how, run })))
  })
}

function measureBundle(
  chain: BenchChain,
  account: DevnetAccount,
  { swaps }: GasScenario,
  { router, send }: { readonly router: RouterName; readonly send: typeof sendBatch | typeof sendOneByOne },
) {
  return measureTwice(chain, async () => {
    const { plan, bundle } = await composeScenario(chain, account.address, { swaps, router })
    const receipts = await send(chain, account, bundleCalls(bundle))
    return toGasOfRun(receipts, await measureFloor(chain, receipts, plan))
  })
}

type Frame = { readonly to?: Hex; readonly gasUsed: Hex; readonly calls?: readonly Frame[] }

/** What nobody can save: one transaction, its bytes, and what the pools themselves use. */
async function measureFloor(
  { client, devnet }: BenchChain,
  receipts: readonly TransactionReceipt[],
  { legs }: RebalancePlan,
): Promise<bigint> {
  const last = receipts.at(-1)
  if (last === undefined) return 0n
  const pools = new Set(
    legs.flatMap(({ hops }) => hops.map(({ pool }) => loggerOf(pool, localDeployment).toLowerCase())),
  )
  const sumPools = ({ to, gasUsed, calls = [] }: Frame): bigint =>
    to !== undefined && pools.has(to.toLowerCase())
      ? BigInt(gasUsed)
      : calls.reduce((sum, call) => sum + sumPools(call), 0n)
  const trace = await sendRpc(devnet.rpcUrl, 'debug_traceTransaction', [last.transactionHash, { tracer: 'callTracer' }])
  const { input } = await client.getTransaction({ hash: last.transactionHash })
  const zeros =
    input
      .slice(2)
      .match(/../g)
      ?.filter((byte) => byte === '00').length ?? 0
  return 21_000n + BigInt(zeros * 4 + (size(input) - zeros) * 16) + sumPools(trace as Frame)
}

/** Ballast sends a bundle through the router that costs less. */
const cheaper = (a: GasOfRun, b: GasOfRun) => (a.gas <= b.gas ? a : b)

const ratio = (a: GasOfRun, b: GasOfRun) => Number(a.gas) / Number(b.gas)

function write({ first, again }: GasOfWay): string {
  const one = ({ gas, transactions }: GasOfRun) =>
    `${writeGas(gas)} in ${transactions} ${transactions === 1 ? 'transaction' : 'transactions'}`
  return `first ${one(first)}; again ${one(again)}`
}

/** The ways to do the same swaps, in which only the sending differs. */
async function measureWays(chain: BenchChain, scenario: GasScenario) {
  const account = chain.devnet.accounts.demo
  const separately = (approving: Approving, delivery: EtherDelivery) =>
    measureSeparate(chain, account, scenario, { approving, delivery })
  return {
    paths: await measureBundle(chain, account, scenario, { router: 'swapRouter02', send: sendBatch }),
    flow: await measureBundle(chain, account, scenario, { router: 'universalRouter', send: sendBatch }),
    oneByOne: await measureBundle(chain, account, scenario, { router: 'swapRouter02', send: sendOneByOne }),
    exact: await separately('exactly', 'unwrapped'),
    unlimited: await separately('withoutLimit', 'unwrapped'),
    wrapped: scenario.swaps.some(({ buy }) => buy === 'ETH') ? await separately('withoutLimit', 'wrapped') : undefined,
  }
}

async function measureScenario(chain: BenchChain, scenario: GasScenario) {
  const { name, goals } = scenario
  const { paths, flow, oneByOne, exact, unlimited, wrapped } = await measureWays(chain, scenario)
  const batch = { first: cheaper(paths.first, flow.first), again: cheaper(paths.again, flow.again) }
  const compare = (against: string, theirs: GasOfWay, run: 'first' | 'again', goal: number | undefined) => {
    const label = `${name}: bundle / separate, ${against}, ${run === 'first' ? 'first time' : 'again'}`
    const value = ratio(batch[run], theirs[run])
    return goal === undefined
      ? measureOnly(label, writeRatio(value))
      : measureAtMost({ name: label, value, goal, write: writeRatio })
  }
  const measurements: readonly Measurement[] = [
    compare('exact approvals', exact, 'first', goals.exactFirst),
    compare('exact approvals', exact, 'again', goals.exactAgain),
    compare('unlimited approvals', unlimited, 'first', goals.unlimitedFirst),
    compare('unlimited approvals', unlimited, 'again', undefined),
    measureOnly('  one bundle (EIP-7702 batch) through SwapRouter02', write(paths)),
    measureOnly('  one bundle (EIP-7702 batch) through the Universal Router', write(flow)),
    measureOnly('  exact approvals, then one multicall', write(oneByOne)),
    measureOnly('  separate, exact approvals', write(exact)),
    measureOnly('  separate, unlimited approvals', write(unlimited)),
    ...(wrapped === undefined ? [] : [measureOnly('  separate, unlimited approvals, stays WETH', write(wrapped))]),
    measureOnly(
      '  bundle / floor (21,000 + calldata + bare pools), again',
      batch.again.floor === undefined ? '–' : writeRatio(Number(batch.again.gas) / Number(batch.again.floor)),
    ),
  ]
  const ways = [
    { name: 'one bundle, SwapRouter02', gas: paths },
    { name: 'one bundle, Universal Router', gas: flow },
    { name: 'approvals, then one multicall', gas: oneByOne },
  ]
  const others = [
    { name: 'separate swaps with exact approvals', gas: exact },
    { name: 'separate swaps with unlimited approvals', gas: unlimited },
    ...(wrapped === undefined ? [] : [{ name: 'separate swaps with unlimited approvals into WETH', gas: wrapped }]),
  ]
  const losses = ways.flatMap((ours) =>
    others.flatMap((theirs) =>
      (['first', 'again'] as const)
        .filter((run) => ours.gas[run].gas > theirs.gas[run].gas)
        .map((run) => {
          const when = run === 'first' ? 'first time' : 'again'
          const gas = `${writeGas(ours.gas[run].gas)} against ${writeGas(theirs.gas[run].gas)}`
          return `${name}, ${when}: ${ours.name} against ${theirs.name}, ${gas}`
        }),
    ),
  )
  return { measurements, losses: [...listMissed(measurements), ...losses] }
}

/** A pool's first swap costs more than all later ones, whoever sends it. */
async function warmPools(chain: BenchChain): Promise<void> {
  const [, account] = chain.devnet.accounts.users
  if (account === undefined) return
  for (const { swaps } of gasScenarios) {
    const { bundle } = await composeScenario(chain, account.address, { swaps, router: 'swapRouter02' })
    await sendOneByOne(chain, account, bundleCalls(bundle))
  }
}

/** Gas of one bundle against the same swaps as separate transactions, through the same pools of the real contracts. */
export function measureGas(): Promise<BenchReport> {
  return withBenchChain(async (chain) => {
    await warmPools(chain)
    const scenarios = []
    for (const scenario of gasScenarios) scenarios.push(await measureScenario(chain, scenario))
    return {
      title: 'Gas on the real contracts',
      measurements: scenarios.flatMap(({ measurements }) => measurements),
      losses: scenarios.flatMap(({ losses }) => losses),
    }
  })
}
