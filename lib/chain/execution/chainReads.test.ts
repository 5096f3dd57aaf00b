import fc from 'fast-check'
import { encodeErrorResult, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { listSwaps } from '@/lib/chain/bundle/bundleFacts'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { buildBundleLogs, buildSwapLog, buildTransferLog } from '@/lib/testing/builders/bundleLogs'
import { type ScriptedLog, ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { findBundleReceipt, findReceipt, provesBundle, readRevertReason } from './chainReads'

const stranger: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const { wrappedNative } = deployment.contracts
const depositTopic: Hex = '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c'

type Given = { readonly plan: RebalancePlan; readonly decoded: DecodedBundle }

const samples: readonly Given[] = [
  ...fc.sample(planArbitrary, { seed: 2, numRuns: 60 }),
  ...fc.sample(routerPlanArbitrary, { seed: 2, numRuns: 300 }),
].map(({ plan, snapshot }) => ({
  plan,
  decoded: decodeBundle(composeBundle({ plan, snapshot, deployment }), deployment),
}))

function find(has: (given: Given) => boolean): Given {
  const found = samples.find(has)
  if (found === undefined) throw new Error('no such sample')
  return found
}

const sellsOnlyNative = ({ plan }: Given) => plan.spendings.every(({ token }) => token === nativeAddress)

/** The part of a rebalance that pulls no token from the account. */
function withoutPulls({ plan, decoded }: Given): Given | undefined {
  const swaps = decoded.steps.filter((step) => step.kind === 'swap')
  const isKept = (index: number) => swaps[index]?.paidFrom !== 'token'
  const [first, ...others] = plan.legs.filter((_, index) => isKept(index))
  if (first === undefined) return undefined
  const steps = swaps.filter((_, index) => isKept(index))
  return { plan: { ...plan, legs: [first, ...others] }, decoded: { ...decoded, steps } }
}

const transferTopic = buildTransferLog(nativeAddress, stranger, stranger, 1n).topics[0]
const isTransferOf = (token: Address) => (log: ScriptedLog) => log.address === token && log.topics[0] === transferTopic

const prove = ({ plan, decoded }: Given, logs: readonly ScriptedLog[]) =>
  provesBundle(logs, decoded, { account: plan.account, deployment })

/** A chain on which one transaction with these logs stands in block 3. */
function chainWith({ plan, decoded }: Given, logs: readonly ScriptedLog[], change: object = {}): ScriptedNode {
  const node = new ScriptedNode()
  const mined = { hash: toHash(9), from: plan.account, to: decoded.router, nonce: 0, input: '0x12', value: 0n } as const
  node.blocks = [[], [], [], [{ ...mined, logs, ...change }], []]
  return node
}

function search({ plan, decoded }: Given, node: ScriptedNode, fromBlock = 2n) {
  return findBundleReceipt(node.client, { account: plan.account, deployment, decoded, fromBlock })
}

describe('provesBundle', () => {
  test('default', () => {
    for (const given of samples) expect(prove(given, buildBundleLogs(given.plan, given.decoded))).toBe(true)
  })

  test('behaviour: logs of others between them do not matter', () => {
    const given = find(({ plan }) => plan.legs.length > 2)
    const foreign = given.plan.legs.flatMap(({ hops }) => hops.map((hop) => buildSwapLog(hop, stranger)))
    const [first, ...rest] = buildBundleLogs(given.plan, given.decoded)
    const strange: ScriptedLog = { address: wrappedNative, topics: [depositTopic], data: '0x' }
    expect(
      prove(given, [...foreign, strange, ...(first === undefined ? [] : [first]), strange, ...foreign, ...rest]),
    ).toBe(true)
  })

  test('behaviour: without one of the swaps, or with another amount, it is another bundle', () => {
    for (const given of samples.filter(({ plan }) => plan.legs.length < 6)) {
      const logs = buildBundleLogs(given.plan, given.decoded)
      expect(prove(given, logs.slice(0, -1))).toBe(false)
      // What takes all that there is has no amount to compare.
      if (listSwaps(given.decoded).every(({ amountIn }) => amountIn === 'rest')) continue
      const legs = given.plan.legs.map((leg) => ({
        ...leg,
        hops: leg.hops.map((hop) => ({ ...hop, amountIn: hop.amountIn + 1n })),
      })) as unknown as RebalancePlan['legs']
      expect(prove(given, buildBundleLogs({ ...given.plan, legs }, given.decoded))).toBe(false)
    }
  })

  test('behaviour: swaps that a stranger made prove nothing', () => {
    for (const kind of ['constantProduct', 'concentrated', 'singleton'] as const) {
      const given = find(({ plan }) => plan.legs.some(({ hops }) => hops.some(({ pool }) => pool.kind === kind)))
      const logs = buildBundleLogs(given.plan, given.decoded).filter(({ topics }) => topics[0] === transferTopic)
      const swaps = given.plan.legs.flatMap(({ hops }) =>
        hops.map((hop) => buildSwapLog(hop, hop.pool.kind === kind ? stranger : given.decoded.router)),
      )
      expect(prove(given, [...logs, ...swaps])).toBe(false)
    }
  })

  test('behaviour: what was sold must have left the account, in one piece or in several', () => {
    const given = find((each) => !sellsOnlyNative(each))
    const { plan, decoded } = given
    const [sold] = plan.spendings.filter(({ token }) => token !== nativeAddress)
    if (sold === undefined) throw new Error('nothing sold')
    const [kept] = buildBundleLogs(plan, decoded).filter(isTransferOf(sold.token))
    const swaps = buildBundleLogs(plan, decoded).filter((log) => !isTransferOf(sold.token)(log))
    const left = (amount: bigint, from = plan.account) => buildTransferLog(sold.token, from, decoded.router, amount)
    expect(kept).toEqual(left(sold.amount))
    expect(prove(given, [left(sold.amount), ...swaps])).toBe(true)
    expect(prove(given, [left(1n), left(sold.amount - 1n), ...swaps])).toBe(true)
    expect(prove(given, [left(sold.amount + 5n), ...swaps])).toBe(true)
    expect(prove(given, [left(sold.amount - 1n), ...swaps])).toBe(false)
    expect(prove(given, [left(sold.amount, stranger), ...swaps])).toBe(false)
  })
})

describe('findBundleReceipt', () => {
  const kinds = ['constantProduct', 'concentrated', 'singleton'] as const
  const cases: readonly (readonly [string, Given])[] = [
    ['what sells a token', find((each) => !sellsOnlyNative(each))],
    ...kinds.map((kind) => {
      const given = samples
        .filter(({ plan }) => plan.router === 'universalRouter')
        .flatMap((each) => withoutPulls(each) ?? [])
        .find(({ plan }) => plan.legs[0].hops[0].pool.kind === kind)
      if (given === undefined) throw new Error('no such sample')
      return [`native coin through the Universal Router, first into ${kind}`, given] as const
    }),
  ]

  test.each(cases)('default, %s', async (_, given) => {
    const node = chainWith(given, buildBundleLogs(given.plan, given.decoded))
    expect(await search(given, node)).toMatchObject({ transactionHash: toHash(9), blockNumber: 3n })
  })

  test.each(cases.slice(1))('behaviour: what a stranger sent is not it, %s', async (_, given) => {
    const logs = buildBundleLogs(given.plan, given.decoded)
    expect(await search(given, chainWith(given, logs, { from: stranger }))).toBeUndefined()
  })

  test('behaviour: native coin through SwapRouter02 is found by what the router wrapped', async () => {
    const natively = find(({ plan }) => plan.router === 'swapRouter02' && plan.legs[0].paidFrom === 'native')
    const given = withoutPulls(natively)
    if (given === undefined) throw new Error('nothing left')
    const deposit: ScriptedLog = {
      ...buildTransferLog(wrappedNative, given.decoded.router, given.decoded.router, 1n),
      topics: [depositTopic, `0x${given.decoded.router.slice(2).toLowerCase().padStart(64, '0')}`],
    }
    const logs = buildBundleLogs(given.plan, given.decoded)
    expect(await search(given, chainWith(given, [deposit, ...logs]))).toMatchObject({ transactionHash: toHash(9) })
    expect(await search(given, chainWith(given, logs))).toBeUndefined()
  })

  test('behaviour: what did something else, and what came before, is not it', async () => {
    const given = find((each) => !sellsOnlyNative(each))
    const logs = buildBundleLogs(given.plan, given.decoded)
    expect(await search(given, chainWith(given, logs.slice(0, -1)))).toBeUndefined()
    expect(await search(given, chainWith(given, logs), 3n)).toBeUndefined()
  })

  test('behaviour: nothing is searched while there is no new block', async () => {
    const given = find((each) => !sellsOnlyNative(each))
    const node = chainWith(given, buildBundleLogs(given.plan, given.decoded))
    expect(await search(given, node, 4n)).toBeUndefined()
    expect(node.asked).not.toContain('eth_getLogs')
  })
})

describe('findReceipt', () => {
  const given = find(() => true)

  test('behaviour: the receipt of another transaction is none', async () => {
    const node = chainWith(given, [])
    const receipt = await findReceipt(node.client, toHash(9))
    node.answers.eth_getTransactionReceipt = () => ({ ...receipt, blockNumber: '0x3', gasUsed: '0x1', logs: [] })
    expect(await findReceipt(node.client, toHash(9))).toBeDefined()
    expect(await findReceipt(node.client, toHash(10))).toBeUndefined()
  })

  test('error: RpcUnreachableError when the node does not answer', async () => {
    const node = chainWith(given, [])
    node.answers.eth_getTransactionReceipt = () => {
      throw Object.assign(new Error('limit exceeded'), { code: -32005 })
    }
    await expect(findReceipt(node.client, toHash(9))).rejects.toMatchObject({ failure: 'unreachable' })
  })
})

describe('readRevertReason', () => {
  const given = find(() => true)
  const node = chainWith(given, [], { isReverted: true })
  const read = async () => {
    const receipt = await findReceipt(node.client, toHash(9))
    if (receipt === undefined) throw new Error('no receipt')
    return readRevertReason(node.client, receipt)
  }

  test('default', async () => {
    node.answers.eth_call = () => {
      throw Object.assign(new Error('execution reverted: STF'), {
        code: 3,
        data: encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['STF'] }),
      })
    }
    expect(await read()).toBe('STF')
  })

  test('behaviour: one that would pass now, or that no node can run again, has none', async () => {
    node.answers.eth_call = () => '0x'
    expect(await read()).toBe('no reason given')
    node.answers.eth_call = () => {
      throw Object.assign(new Error('limit exceeded'), { code: -32005 })
    }
    expect(await read()).toBe('no reason given')
  })
})
