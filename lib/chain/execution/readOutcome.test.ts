import fc from 'fast-check'
import { encodeAbiParameters, encodeFunctionResult, type TransactionReceipt } from 'viem'
import { expect, test } from 'vitest'
import { erc20Abi } from '@/lib/chain/abis'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { buildBundleLogs } from '@/lib/testing/builders/bundleLogs'
import { ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { readOutcome } from './readOutcome'

const cases = [planArbitrary, routerPlanArbitrary].flatMap((plans) =>
  fc.sample(plans, { seed: 8, numRuns: 10 }).map(({ plan, snapshot }) => ({
    plan,
    decoded: decodeBundle(composeBundle({ plan, snapshot, deployment }), deployment),
  })),
)

function receiptOf({ plan, decoded }: (typeof cases)[number], change: object = {}): TransactionReceipt {
  const logs = buildBundleLogs(plan, decoded)
  const paid = { gasUsed: 100n, effectiveGasPrice: 3n }
  return { transactionHash: toHash(9), blockNumber: 3n, logs, ...paid, ...change } as unknown as TransactionReceipt
}

function nodeAllowing(amount: bigint, grant: { amount: bigint; expiration: number } = { amount: 0n, expiration: 0 }) {
  const node = new ScriptedNode()
  node.blocks = [[], [], [], []]
  node.answers.eth_call = ([call]) =>
    (call as { to: string }).to === deployment.contracts.permit2
      ? encodeAbiParameters(
          [{ type: 'uint160' }, { type: 'uint48' }, { type: 'uint48' }],
          [grant.amount, grant.expiration, 0],
        )
      : encodeFunctionResult({ abi: erc20Abi, functionName: 'allowance', result: amount })
  return node
}

const read = (
  plan: RebalancePlan,
  receipt: TransactionReceipt,
  node = nodeAllowing(0n),
  earlierReceipts?: TransactionReceipt[],
) =>
  readOutcome(node.client, { receipt, plan, deployment, ...(earlierReceipts === undefined ? {} : { earlierReceipts }) })

test('default', async () => {
  for (const given of cases) {
    const { legs, bought, gasUsed, gasPaid } = await read(given.plan, receiptOf(given))
    expect(legs.map(({ amountIn, receivedOut }) => [amountIn, receivedOut])).toEqual(
      given.plan.legs.map(({ amountIn, quotedOut }) => [amountIn, quotedOut]),
    )
    expect([gasUsed, gasPaid]).toEqual([100n, 300n])
    // What is both bought and sold arrives less what was sold of it.
    const sold = new Set(given.plan.spendings.map(({ assetId }) => assetId))
    if (given.plan.purchases.some(({ assetId }) => sold.has(assetId))) continue
    expect(bought.map(({ token, received, minimum }) => ({ token, received, minimum }))).toEqual(
      given.plan.purchases.map(({ token, quotedOut, minimumOut }) => ({
        token,
        received: quotedOut,
        minimum: minimumOut,
      })),
    )
  }
})

test('behaviour: gas counts the approvals before it, and what a layer 2 asks for its data', async () => {
  const [given] = cases
  if (given === undefined) throw new Error('no sample')
  const receipt = receiptOf(given, { l1Fee: 5n })
  const earlier = receiptOf(given, { gasUsed: 10n, l1Fee: '5' })
  expect(await read(given.plan, receipt, nodeAllowing(0n), [earlier])).toMatchObject({ gasUsed: 110n, gasPaid: 335n })
})

test('behaviour: what may still be taken is read, a grant only while it lives', async () => {
  for (const router of ['swapRouter02', 'universalRouter'] as const) {
    const given = cases.find(
      ({ plan }) => plan.router === router && plan.spendings.some(({ token }) => token !== nativeAddress),
    )
    if (given === undefined) throw new Error('no such sample')
    // Block 3 is of second 36.
    const after = async (expiration: number) =>
      (await read(given.plan, receiptOf(given), nodeAllowing(7n, { amount: 9n, expiration }))).allowancesAfter
    const amountsOf = async (expiration: number) => [...new Set((await after(expiration)).map(({ amount }) => amount))]
    expect(await amountsOf(37)).toEqual(router === 'swapRouter02' ? [7n] : [7n, 9n])
    expect(await amountsOf(36)).toEqual(router === 'swapRouter02' ? [7n] : [7n, 0n])
    expect((await after(37)).some(({ token }) => token === nativeAddress)).toBe(false)
  }
})

test('error: UnmatchedReceiptError when a swap of the plan is not in the logs', async () => {
  for (const given of cases) {
    const logs = buildBundleLogs(given.plan, given.decoded).slice(0, -1)
    await expect(read(given.plan, receiptOf(given, { logs }))).rejects.toMatchObject({
      name: 'UnmatchedReceiptError',
      legIndex: given.plan.legs.length - 1,
    })
  }
})

test('error: RpcUnreachableError when the node does not answer', async () => {
  const node = nodeAllowing(0n)
  node.answers.eth_call = () => {
    throw Object.assign(new Error('limit exceeded'), { code: -32005 })
  }
  const given = cases.find(({ plan }) => plan.spendings.some(({ token }) => token !== nativeAddress))
  if (given === undefined) throw new Error('no such sample')
  await expect(read(given.plan, receiptOf(given), node)).rejects.toMatchObject({ failure: 'unreachable' })
})
