import fc from 'fast-check'
import { decodeFunctionData, encodeFunctionResult, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import { sumPulled } from '@/lib/chain/bundle/bundleFacts'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { Bundle } from '@/lib/core/bundle'
import type { ExecutionRecord, Rung } from '@/lib/core/execution/execution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { Address } from '@/lib/core/units'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { cannotRun } from './cannotRun'

const { permit2 } = deployment.contracts

/** A bundle that sells one token, through each router. */
const [throughPaths, throughFlow] = [planArbitrary, routerPlanArbitrary].map((plans) => {
  const [bundle] = fc
    .sample(plans, { seed: 6, numRuns: 200 })
    .map(({ plan, snapshot }) => composeBundle({ plan, snapshot, deployment }))
    .filter((each) => sumPulled(decodeBundle(each, deployment)).size === 1)
  if (bundle === undefined) throw new Error('no such sample')
  return bundle
}) as [Bundle, Bundle]

/** A node on which so much may be taken of every token. */
function nodeAllowing(allowed: bigint, granted: bigint) {
  const node = new ScriptedNode()
  const asked: Address[] = []
  node.answers.eth_call = ([call]) => {
    const { to, data } = call as { to: Address; data: Hex }
    if (to === permit2) {
      return encodeFunctionResult({ abi: permit2Abi, functionName: 'allowance', result: [granted, 0, 0] })
    }
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
    if (functionName !== 'allowance') throw new RangeError(functionName)
    asked.push(args[1])
    return encodeFunctionResult({ abi: erc20Abi, functionName: 'allowance', result: allowed })
  }
  return { node, asked }
}

function ask(
  bundle: Bundle,
  { node }: { node: ScriptedNode },
  more: { rung?: Rung; timestamp?: number; requoted?: Bundle } = {},
) {
  const { approvals } = decodeBundle(bundle, deployment)
  const { rung = 'approveThenSwap', timestamp = bundle.deadline, requoted } = more
  const execution = startExecution({ id: 'one', rung, bundle, approvals })
  const record = { bundle, execution, ...(requoted === undefined ? {} : { requoted }) } as ExecutionRecord
  const stepIndex = execution.steps.length - 1
  const head = { blockNumber: 5n, blockHash: node.hashOf(5), timestamp }
  return cannotRun({ client: node.client, deployment, current: () => record }, stepIndex, head)
}

const soldBy = (bundle: Bundle) => [...sumPulled(decodeBundle(bundle, deployment)).values()][0] ?? 0n

test('default', async () => {
  for (const bundle of [throughPaths, throughFlow]) {
    const sold = soldBy(bundle)
    expect(await ask(bundle, nodeAllowing(sold, sold))).toBeUndefined()
  }
})

test('behaviour: after its deadline nothing can come of it', async () => {
  const sold = soldBy(throughPaths)
  const late = { timestamp: throughPaths.deadline + 1 }
  expect(await ask(throughPaths, nodeAllowing(sold, sold), late)).toBe('deadlinePassed')
})

test('behaviour: a router that may no longer take what is sold cannot', async () => {
  const sold = soldBy(throughPaths)
  const short = nodeAllowing(sold - 1n, sold)
  expect(await ask(throughPaths, short)).toBe('balanceChanged')
  expect(short.asked).toEqual([deployment.contracts.swapRouter02])
})

test('behaviour: through Permit2 both what it may take and what it lets the router pull must do', async () => {
  const sold = soldBy(throughFlow)
  const short = nodeAllowing(sold - 1n, sold)
  expect(await ask(throughFlow, short)).toBe('balanceChanged')
  expect(short.asked).toEqual([permit2])
  expect(await ask(throughFlow, nodeAllowing(sold, sold - 1n))).toBe('balanceChanged')
})

test('behaviour: a batch brings its approvals along', async () => {
  expect(await ask(throughPaths, nodeAllowing(0n, 0n), { rung: 'atomicBatch' })).toBeUndefined()
})

test('behaviour: a swap that was quoted again has its own deadline', async () => {
  const sold = soldBy(throughPaths)
  const requoted = throughFlow
  const node = nodeAllowing(sold + soldBy(requoted), sold + soldBy(requoted))
  expect(await ask(throughPaths, node, { requoted, timestamp: requoted.deadline })).toBeUndefined()
  expect(node.asked).toEqual([permit2])
})
