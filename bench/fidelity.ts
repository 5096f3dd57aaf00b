import type { TransactionReceipt } from 'viem'
import type { DevnetAccount } from '@/devnet/accounts'
import { erc20Balance } from '@/devnet/control/balances'
import { seededRandom } from '@/devnet/seededRandom'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { bundleCalls } from '@/lib/chain/bundle/hashBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { readOutcome } from '@/lib/chain/execution/readOutcome'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import { nativeAddress } from '@/lib/core/asset'
import { apportion } from '@/lib/core/numbers/apportion'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Targets } from '@/lib/core/targets'
import { type Address, bpsWhole, toBps } from '@/lib/core/units'
import { type BenchReport, listMissed, measureAtMost, measureOnly, quantile, writeMs } from './measurement'
import { type BenchChain, passBlock, sendBatch, sendOneByOne, withBenchChain } from './sending'

const rounds = 16
const seed = 11
const maxFeePerGas = 10n ** 9n
const settings = {
  bandBps: toBps(0),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 10n ** 17n,
}

/** Targets that nobody would choose: every listed asset gets a random share, some of them none. */
function drawTargets(random: () => number): Targets {
  const parts = deployment.assets.map(() => (random() < 0.3 ? 0n : BigInt(Math.ceil(random() * 1_000))))
  const shares = apportion(parts, bpsWhole)
  return {
    weights: deployment.assets.map(({ id }, index) => ({ assetId: id, weightBps: toBps(shares[index] ?? 0) })),
  }
}

/** What a plan says that each token of the account changes by. */
function sumPlanned({ spendings, purchases }: RebalancePlan): ReadonlyMap<Address, bigint> {
  const changes = new Map<Address, bigint>()
  const add = (token: Address, amount: bigint) => changes.set(token, (changes.get(token) ?? 0n) + amount)
  for (const { token, amount } of spendings) add(token, -amount)
  for (const { token, quotedOut } of purchases) add(token, quotedOut)
  return changes
}

function readBalances({ devnet }: BenchChain, owner: Address, tokens: readonly Address[]): Promise<readonly bigint[]> {
  return Promise.all(tokens.map((token) => erc20Balance(devnet, token, owner)))
}

const gasPaid = (receipts: readonly TransactionReceipt[]) =>
  receipts.reduce((sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice, 0n)

const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a)

type Executed = {
  readonly status: 'executed'
  readonly plan: RebalancePlan
  readonly planMs: number
  /** The largest difference in base units between what was planned and what the chain shows. */
  readonly worst: bigint
}

type Unplanned = { readonly status: 'unplanned'; readonly reason: string }

/** Plans, signs and mines one rebalance, and holds the plan against the chain. */
async function executeOnce(
  chain: BenchChain,
  account: DevnetAccount,
  { targets, rung }: { readonly targets: Targets; readonly rung: 'atomicBatch' | 'approveThenSwap' },
): Promise<Executed | Unplanned> {
  const { client } = chain
  const snapshot = await readSnapshot(client, { deployment, account: account.address })
  const request = {
    ...{ snapshot, targets, settings, rung, maxFeePerGas, deadlineSeconds: 600, callLimit: 10 },
    nativeReserveFloor: deployment.nativeReserveFloor,
    wrappedNative: deployment.contracts.wrappedNative,
    hubAssetIds: deployment.hubAssetIds,
  }
  const started = performance.now()
  const outcome = planRebalance(request)
  const planMs = performance.now() - started
  if (outcome.status !== 'planned') {
    return { status: 'unplanned', reason: outcome.status === 'blocked' ? outcome.obstacle.kind : outcome.status }
  }
  const { plan } = outcome
  const planned = sumPlanned(plan)
  const tokens = [...planned.keys()]
  const before = await readBalances(chain, account.address, tokens)
  const send = rung === 'atomicBatch' ? sendBatch : sendOneByOne
  const receipts = await send(chain, account, bundleCalls(composeBundle({ plan, snapshot, deployment })))
  const after = await readBalances(chain, account.address, tokens)
  const receipt = receipts.at(-1)
  if (receipt === undefined) throw new RangeError('A bundle has at least one call.')
  const { legs } = await readOutcome(client, { receipt, plan, deployment })
  const differences = [
    ...legs.map(({ quotedOut, receivedOut }) => distance(quotedOut, receivedOut)),
    ...tokens.map((token, index) => {
      const gas = token === nativeAddress ? gasPaid(receipts) : 0n
      return distance((after[index] ?? 0n) + gas - (before[index] ?? 0n), planned.get(token) ?? 0n)
    }),
  ]
  return {
    status: 'executed',
    plan,
    planMs,
    worst: differences.reduce((most, each) => (each > most ? each : most), 0n),
  }
}

/** Whole random rebalances through the real contracts, planned amounts against executed ones. */
export function measureFidelity(): Promise<BenchReport> {
  return withBenchChain(async (chain) => {
    const random = seededRandom(seed)
    const results: (Executed | Unplanned)[] = []
    for (let round = 0; round < rounds; round += 1) {
      const account = chain.devnet.accounts.users[round % chain.devnet.accounts.users.length]
      if (account === undefined) continue
      await passBlock(chain)
      const rung = round % 2 === 0 ? 'atomicBatch' : 'approveThenSwap'
      results.push(await executeOnce(chain, account, { targets: drawTargets(random), rung }))
    }
    const executed = results.filter((result) => result.status === 'executed')
    const unplanned = results.filter((result) => result.status === 'unplanned')
    const worst = executed.reduce((most, one) => (one.worst > most ? one.worst : most), 0n)
    const count = (of: (plan: RebalancePlan) => number) => executed.reduce((sum, { plan }) => sum + of(plan), 0)
    const legs = count((plan) => plan.legs.length)
    const hops = count((plan) => plan.legs.reduce((sum, leg) => sum + leg.hops.length, 0))
    const planMs = executed.map((one) => one.planMs)
    const gaps = executed.map(({ plan }) => plan.certificate.gapBps)
    const measurements = [
      measureAtMost({
        name: `largest |planned − executed| of ${executed.length} rebalances`,
        value: Number(worst),
        goal: 0,
        write: (wei) => `${wei} wei`,
      }),
      measureOnly('legs, hops', `${legs}, ${hops}`),
      measureOnly(
        'planned in Node, median and slowest',
        `${writeMs(quantile(planMs, 0.5))}, ${writeMs(Math.max(...planMs))}`,
      ),
      measureOnly(
        'certified gap, median and largest',
        `${quantile(gaps, 0.5).toFixed(3)} bps, ${Math.max(...gaps).toFixed(3)} bps`,
      ),
    ]
    const losses =
      unplanned.length === 0
        ? []
        : [
            `${unplanned.length} of ${rounds} random targets have no plan: ${unplanned.map(({ reason }) => reason).join(', ')}`,
          ]
    return { title: 'Fidelity on the real contracts', measurements, losses: [...listMissed(measurements), ...losses] }
  })
}
