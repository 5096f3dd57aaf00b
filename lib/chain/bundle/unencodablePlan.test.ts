import { describe, expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Hop, HopPool, Leg, Purchase, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot, TokenReading } from '@/lib/core/snapshot'
import { type Address, toUsd } from '@/lib/core/units'
import { buildPlanAround, buildRichSnapshot } from '@/lib/testing/arbitraries/plans'
import { composeBundle } from './composeBundle'
import { poolIdOf } from './poolIdOf'
import { UnencodablePlanError } from './unencodablePlan'

const { wrappedNative: weth } = deployment.contracts

function tokenOf(id: string): Address {
  const asset = deployment.assets.find((each) => each.id === id)
  if (asset === undefined) throw new RangeError(`${id} is not listed.`)
  return asset.poolToken.address
}
const [usdc, dai, link] = [tokenOf('USDC'), tokenOf('DAI'), tokenOf('LINK')]
const nameOf = new Map([
  [usdc, 'USDC'],
  [dai, 'DAI'],
  [link, 'LINK'],
  [weth, 'ETH'],
  [nativeAddress, 'ETH'],
])

const v2: HopPool = { kind: 'constantProduct', id: '0x', feePips: 3000 }
const v3: HopPool = { kind: 'concentrated', id: '0x', feePips: 500 }
const v4: HopPool = { kind: 'singleton', id: '0x', feePips: 500, tickSpacing: 10 }

function hopOf(
  tokenIn: Address,
  tokenOut: Address,
  pool: HopPool,
  amounts: readonly [bigint, bigint] = [100n, 100n],
): Hop {
  const [sell, buy] = [nameOf.get(tokenIn) ?? '', nameOf.get(tokenOut) ?? '']
  const id = tokenIn === tokenOut ? '0x' : poolIdOf({ pool, tokenIn, tokenOut }, deployment)
  return { pool: { ...pool, id }, sell, buy, tokenIn, tokenOut, amountIn: amounts[0], amountOut: amounts[1] }
}

function legOf(hops: readonly [Hop, ...Hop[]], change: Partial<Leg> = {}): Leg {
  const [first] = hops
  const last = hops.at(-1) ?? first
  return {
    ...{ sell: first.sell, buy: last.buy, paidFrom: 'token', paidTo: last.buy === 'ETH' ? 'router' : 'account', hops },
    ...{ amountIn: first.amountIn, quotedOut: last.amountOut, minimumOut: 99n, oracleFloor: 90n },
    ...{ soldUsd: toUsd(0n), feeUsd: toUsd(0n), impactUsd: 0n, impactBps: 0, gas: 0n },
    ...change,
  }
}

const direct = legOf([hopOf(dai, usdc, v3)])
const snapshot = buildRichSnapshot(() => ({}))

function planOf(router: RebalancePlan['router'], legs: RebalancePlan['legs'], change: Partial<RebalancePlan> = {}) {
  const [first] = legs
  const purchase: Purchase = { assetId: first.buy, token: usdc, quotedOut: 100n, minimumOut: 99n, oracleFloor: 90n }
  const plan = buildPlanAround({
    router,
    legs,
    spendings: [{ assetId: first.sell, token: first.hops[0].tokenIn, amount: 100n }],
    purchases: [purchase],
  })
  return { ...plan, ...change }
}

const refuse = (plan: RebalancePlan, reason: RegExp, read: Snapshot = snapshot) => {
  expect(() => composeBundle({ plan, snapshot: read, deployment })).toThrow(UnencodablePlanError)
  expect(() => composeBundle({ plan, snapshot: read, deployment })).toThrow(reason)
}

function withToken(token: Address, change: Partial<TokenReading>): Snapshot {
  const assets = snapshot.assets.map((asset) => ({
    ...asset,
    tokens: asset.tokens.map((row) => (row.token.address === token ? { ...row, ...change } : row)),
  }))
  return { ...snapshot, assets }
}

describe('through SwapRouter02', () => {
  const with02 = (change: Partial<Leg>) => planOf('swapRouter02', [{ ...direct, ...change }])

  test('default', () => {
    expect(composeBundle({ plan: with02({}), snapshot, deployment }).swap.value).toBe(0n)
  })

  const cases: readonly (readonly [RegExp, RebalancePlan])[] = [
    [/leg 1: it sells nothing/, with02({ amountIn: 0n })],
    [/it has no minimum/, with02({ minimumOut: 0n, oracleFloor: 0n })],
    [/below the oracle floor/, with02({ oracleFloor: 100n })],
    [/above its quote/, with02({ minimumOut: 101n })],
    [/first hop sells another amount/, with02({ amountIn: 101n })],
    [/last hop pays another amount/, with02({ quotedOut: 101n })],
    [/pay it from what it holds/, with02({ paidFrom: 'router' })],
    [/starts with another token than the wrapped one/, with02({ paidFrom: 'native' })],
    [/only wrapped coin is paid to the router/, with02({ paidTo: 'router' })],
    [
      /only wrapped coin is paid to the router/,
      planOf('swapRouter02', [legOf([hopOf(dai, weth, v3)], { paidTo: 'account' })]),
    ],
    [/hops do not connect/, with02({ hops: [hopOf(dai, link, v3), hopOf(weth, usdc, v3)] })],
    [/a hop buys what it sells/, with02({ hops: [hopOf(dai, dai, v3)] })],
    [/knows no v4 pools/, with02({ hops: [hopOf(dai, usdc, v4)] })],
    [/would not use the pool 0x01/, with02({ hops: [{ ...hopOf(dai, usdc, v3), pool: { ...v3, id: '0x01' } }] })],
    [
      /passes the same token twice/,
      with02({ hops: [hopOf(dai, link, v3), hopOf(link, dai, v2), hopOf(dai, usdc, v3)] }),
    ],
    [
      /legs take other amounts/,
      planOf('swapRouter02', [direct], { spendings: [{ assetId: 'DAI', token: dai, amount: 101n }] }),
    ],
    [
      /legs take other amounts/,
      planOf('swapRouter02', [direct], {
        spendings: [
          { assetId: 'DAI', token: dai, amount: 100n },
          { assetId: 'LINK', token: link, amount: 1n },
        ],
      }),
    ],
    [
      /legs take other amounts/,
      planOf('swapRouter02', [direct], { spendings: [{ assetId: 'LINK', token: link, amount: 100n }] }),
    ],
  ]
  test.each(cases)('error: UnencodablePlanError, %s', (reason, plan) => refuse(plan, reason))

  test('error: UnencodablePlanError, more than is held, and more native coin than above the reserve', () => {
    refuse(
      with02({}),
      /more of the token .* than is held/,
      withToken(dai, { balance: { status: 'known', amount: 99n } }),
    )
    const natively = legOf([hopOf(weth, usdc, v3)], { paidFrom: 'native' })
    const plan = planOf('swapRouter02', [natively], {
      spendings: [{ assetId: 'ETH', token: nativeAddress, amount: 100n }],
    })
    const held = (amount: bigint) => withToken(nativeAddress, { balance: { status: 'known', amount } })
    refuse(plan, /above the reserve/, held(99n + plan.nativeReserve))
    const enough = held(100n + plan.nativeReserve)
    expect(composeBundle({ plan, snapshot: enough, deployment }).swap.value).toBe(100n)
    const all = withToken(dai, { balance: { status: 'known', amount: 100n } })
    expect(composeBundle({ plan: with02({}), snapshot: all, deployment }).approvals).toHaveLength(1)
  })

  test('error: UnencodablePlanError, a token that was not read', () => {
    const assets = snapshot.assets.filter(({ asset }) => asset.id !== 'DAI')
    refuse(with02({}), /is not among those that were read/, { ...snapshot, assets })
  })

  test('error: UnencodablePlanError, a deadline that is none, or not within ten minutes', () => {
    const at = (seconds: number) => planOf('swapRouter02', [direct], { deadline: snapshot.block.timestamp + seconds })
    for (const seconds of [0, 601, 0.5]) refuse(at(seconds), /not within 600 seconds/)
    for (const seconds of [1, 600]) expect(composeBundle({ plan: at(seconds), snapshot, deployment })).toBeDefined()
  })
})

describe('through the Universal Router', () => {
  const withUr = (change: Partial<Leg>) => planOf('universalRouter', [{ ...direct, ...change }])
  const cases: readonly (readonly [RegExp, RebalancePlan])[] = [
    [/leg 1: it has more than one pool/, withUr({ hops: [hopOf(dai, link, v3), hopOf(link, usdc, v3)] })],
    [/it sells nothing/, withUr({ amountIn: 0n })],
    [/its hop has other amounts/, withUr({ amountIn: 101n })],
    [/its hop has other amounts/, withUr({ quotedOut: 101n })],
    [/its hop trades other assets/, withUr({ sell: 'LINK' })],
    [/its hop trades other assets/, withUr({ buy: 'LINK' })],
    [/it buys what it sells/, withUr({ hops: [{ ...hopOf(dai, dai, v3), buy: 'USDC' }] })],
    [/only v4 pools trade the native coin/, withUr({ sell: 'ETH', hops: [hopOf(nativeAddress, usdc, v3)] })],
    [/only v4 pools trade the native coin/, withUr({ buy: 'ETH', hops: [hopOf(dai, nativeAddress, v2)] })],
    [/would not use the pool/, withUr({ hops: [{ ...hopOf(dai, usdc, v3), pool: { ...v3, id: '0x01' } }] })],
    [/leg 2: its pool is used by another leg/, planOf('universalRouter', [direct, direct])],
    [/the native coin cannot be pulled/, withUr({ sell: 'ETH', hops: [hopOf(nativeAddress, usdc, v4)] })],
    [/it has a minimum half-way/, withUr({ paidTo: 'router' })],
    [
      /pays the account what the plan does not buy/,
      planOf('universalRouter', [direct], {
        purchases: [{ assetId: 'LINK', token: link, quotedOut: 100n, minimumOut: 99n, oracleFloor: 0n }],
      }),
    ],
    [
      /pays the account in another token/,
      planOf('universalRouter', [direct], {
        purchases: [{ assetId: 'USDC', token: link, quotedOut: 100n, minimumOut: 99n, oracleFloor: 0n }],
      }),
    ],
    [/not that of the purchase/, withUr({ minimumOut: 98n })],
    [
      /it is not all of the purchase/,
      planOf('universalRouter', [direct], {
        purchases: [{ assetId: 'USDC', token: usdc, quotedOut: 101n, minimumOut: 99n, oracleFloor: 0n }],
      }),
    ],
    [/several legs pay the account in USDC/, planOf('universalRouter', [direct, legOf([hopOf(link, usdc, v3)])])],
    [
      /a leg pulls what the plan does not spend/,
      planOf('universalRouter', [direct], { spendings: [{ assetId: 'LINK', token: link, amount: 100n }] }),
    ],
    [
      /legs pull more of the token/,
      planOf('universalRouter', [direct], { spendings: [{ assetId: 'DAI', token: dai, amount: 99n }] }),
    ],
    [
      /something of the token .* would stay in the router/,
      planOf('universalRouter', [direct], { spendings: [{ assetId: 'DAI', token: dai, amount: 101n }] }),
    ],
    [
      /leg 1: it spends what is not in the router yet/,
      planOf(
        'universalRouter',
        [
          legOf([hopOf(link, usdc, v3)], { paidFrom: 'router' }),
          legOf([hopOf(dai, link, v3)], { paidTo: 'router', minimumOut: 0n }),
        ],
        { spendings: [{ assetId: 'DAI', token: dai, amount: 100n }] },
      ),
    ],
    [
      /its legs buy another amount of the token/,
      withUr({ paidTo: 'router', minimumOut: 0n, quotedOut: 98n, hops: [hopOf(dai, usdc, v3, [100n, 98n])] }),
    ],
    [
      /there is no minimum for the token/,
      planOf('universalRouter', [{ ...direct, minimumOut: 0n }], {
        purchases: [{ assetId: 'USDC', token: usdc, quotedOut: 100n, minimumOut: 0n, oracleFloor: 0n }],
      }),
    ],
  ]
  test.each(cases)('error: UnencodablePlanError, %s', (reason, plan) => refuse(plan, reason))

  const huge = (pool: HopPool, amounts: readonly [bigint, bigint], minimumOut = 99n) =>
    planOf('universalRouter', [legOf([hopOf(dai, usdc, pool, amounts)], { minimumOut })], {
      spendings: [{ assetId: 'DAI', token: dai, amount: amounts[0] }],
      purchases: [{ assetId: 'USDC', token: usdc, quotedOut: amounts[1], minimumOut, oracleFloor: 0n }],
    })
  const rich = withToken(dai, {
    balance: { status: 'known', amount: 2n ** 200n },
    permit2Allowance: { status: 'known', amount: 2n ** 200n },
    universalRouterGrant: { status: 'known', amount: 2n ** 200n, expiration: 2 ** 40 },
  })

  test('error: UnencodablePlanError, amounts that have more bits than the router reads', () => {
    refuse(huge(v4, [2n ** 128n, 100n]), /more than the router can count/, rich)
    refuse(huge(v4, [100n, 2n ** 130n], 2n ** 128n), /more than the router can count/, rich)
    refuse(huge(v3, [2n ** 160n, 100n]), /more than the router can count/, rich)
    for (const plan of [huge(v4, [2n ** 128n - 1n, 100n]), huge(v3, [2n ** 160n - 1n, 100n])]) {
      expect(composeBundle({ plan, snapshot: rich, deployment }).approvals).toEqual([])
    }
  })

  test('error: UnencodablePlanError, what nobody knows of Permit2', () => {
    const unreadable = { status: 'unreadable', reason: 'no answer' } as const
    refuse(withUr({}), /what Permit2 grants/, withToken(dai, { universalRouterGrant: unreadable }))
    refuse(withUr({}), /the allowance of a sold token is unknown/, withToken(dai, { permit2Allowance: unreadable }))
    refuse(withUr({}), /the balance of a sold token is unknown/, withToken(dai, { balance: unreadable }))
  })

  test('behaviour: a grant that covers the amount until the deadline is not asked for again', () => {
    const granted = (amount: bigint, expiration: number) =>
      composeBundle({
        plan: withUr({}),
        snapshot: withToken(dai, { universalRouterGrant: { status: 'known', amount, expiration } }),
        deployment,
      }).approvals.length
    const { deadline } = withUr({})
    expect(granted(100n, deadline)).toBe(1)
    expect([granted(99n, deadline), granted(100n, deadline - 1)]).toEqual([2, 2])
  })
})
