import { describe, expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedApproval, DecodedBundle, DecodedStep } from '@/lib/core/bundle'
import type { HopPool, Leg, Purchase, RebalancePlan, Spending } from '@/lib/core/rebalance/plan'
import type { SingletonPool, Snapshot, TokenReading } from '@/lib/core/snapshot'
import { type Address, toUsd } from '@/lib/core/units'
import { buildPlanAround, buildRichSnapshot } from '@/lib/testing/arbitraries/plans'
import type { BundleViolation } from './bundleViolation'
import { checkBundle } from './checkBundle'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { poolIdOf } from './poolIdOf'

const { swapRouter02, universalRouter, permit2, wrappedNative: weth } = deployment.contracts
const stranger: Address = '0x000000000000000000000000000000000000dEaD'

function tokenOf(id: string): Address {
  const asset = deployment.assets.find((each) => each.id === id)
  if (asset === undefined) throw new RangeError(`${id} is not listed.`)
  return asset.poolToken.address
}
const [usdc, dai, link] = [tokenOf('USDC'), tokenOf('DAI'), tokenOf('LINK')]

type Sketch = Pick<Leg, 'sell' | 'buy' | 'paidFrom' | 'paidTo' | 'amountIn' | 'quotedOut' | 'minimumOut'> & {
  readonly tokenIn: Address
  readonly tokenOut: Address
  readonly pool: HopPool
}

function legOf({ tokenIn, tokenOut, pool: named, ...leg }: Sketch): Leg {
  const pool = { ...named, id: poolIdOf({ pool: named, tokenIn, tokenOut }, deployment) }
  const { sell, buy, amountIn, quotedOut: amountOut } = leg
  return {
    ...leg,
    hops: [{ pool, sell, buy, tokenIn, tokenOut, amountIn, amountOut }],
    ...{ oracleFloor: 0n, soldUsd: toUsd(0n), feeUsd: toUsd(0n), impactUsd: 0n, impactBps: 0, gas: 0n },
  }
}

const v3: HopPool = { kind: 'concentrated', id: '0x', feePips: 500 }
const whole = 10n ** 18n
/** One dollar of ether for USDC, and two of DAI for ether. Every asset costs a dollar. */
const natively = legOf({
  ...{ sell: 'ETH', buy: 'USDC', paidFrom: 'native', paidTo: 'account', tokenIn: weth, tokenOut: usdc, pool: v3 },
  ...{ amountIn: whole, quotedOut: 1_000_000n, minimumOut: 995_000n },
})
const toEther = legOf({
  ...{ sell: 'DAI', buy: 'ETH', paidFrom: 'token', paidTo: 'router', tokenIn: dai, tokenOut: weth, pool: v3 },
  ...{ amountIn: 2n * whole, quotedOut: 2n * whole, minimumOut: (199n * whole) / 100n },
})
const legs = [natively, toEther] as const
const bought = (leg: Leg, token: Address): Purchase => ({
  ...{ assetId: leg.buy, token, quotedOut: leg.quotedOut, minimumOut: leg.minimumOut, oracleFloor: 0n },
})
const spent = (leg: Leg, token: Address): Spending => ({ assetId: leg.sell, token, amount: leg.amountIn })
const plan = buildPlanAround({
  router: 'swapRouter02',
  legs,
  spendings: [spent(natively, nativeAddress), spent(toEther, dai)],
  purchases: [bought(natively, usdc), bought(toEther, nativeAddress)],
})
const snapshot = buildRichSnapshot(() => ({}))
const decoded = decodeBundle(composeBundle({ plan, snapshot, deployment }), deployment)

type Given = { readonly plan: RebalancePlan; readonly snapshot: Snapshot; readonly decoded: DecodedBundle }
const good: Given = { plan, snapshot, decoded }

function check(given: Given): readonly BundleViolation[] {
  return checkBundle(given.decoded, { account: given.plan.account, deployment, ...given })
}
const withDecoded = (change: Partial<DecodedBundle>, given = good) => ({
  ...given,
  decoded: { ...given.decoded, ...change },
})
const withStep = (index: number, change: object, given = good) =>
  withDecoded(
    { steps: given.decoded.steps.map((step, i) => (i === index ? ({ ...step, ...change } as DecodedStep) : step)) },
    given,
  )
const withApproval = (change: Partial<DecodedApproval>, given = good) =>
  withDecoded({ approvals: given.decoded.approvals.map((each) => ({ ...each, ...change }) as DecodedApproval) }, given)
function withTokens(token: Address, change: Partial<TokenReading>, given = good): Given {
  const assets = given.snapshot.assets.map((asset) => ({
    ...asset,
    tokens: asset.tokens.map((row) => (row.token.address === token ? { ...row, ...change } : row)),
  }))
  return { ...given, snapshot: { ...given.snapshot, assets } }
}
const withPlan = (change: Partial<RebalancePlan>, given = good): Given => ({
  ...given,
  plan: { ...given.plan, ...change },
})
const unreadable = { status: 'unreadable', reason: 'no answer' } as const
const known = (amount: bigint) => ({ status: 'known', amount }) as const

test('default', () => {
  expect(decoded.steps.map(({ kind }) => kind)).toEqual(['swap', 'swap', 'payOut', 'refund'])
  expect(check(good)).toEqual([])
})

describe('through SwapRouter02', () => {
  const cases: readonly (readonly [string, Given, readonly BundleViolation[]])[] = [
    [
      'the other router',
      withPlan({ router: 'universalRouter' }),
      [
        { kind: 'foreignRouter', router: swapRouter02 },
        { kind: 'foreignSpender', token: dai, spender: swapRouter02 },
        { kind: 'missingApproval', token: dai, allowed: 0n, needed: 2n * whole },
        { kind: 'swapDiffersFromPlan', swapIndex: 0 },
      ],
    ],
    [
      'an approval for somebody else',
      withApproval({ spender: stranger }),
      [{ kind: 'foreignSpender', token: dai, spender: stranger }],
    ],
    [
      'an approval of more',
      withApproval({ amount: 2n * whole + 1n }),
      [{ kind: 'wrongApproval', token: dai, approved: 2n * whole + 1n, needed: 2n * whole }],
    ],
    [
      'an approval that is not needed',
      withTokens(dai, { routerAllowance: known(2n * whole) }),
      [{ kind: 'uselessApproval', token: dai }],
    ],
    [
      'an approval too few',
      withDecoded({ approvals: [] }),
      [{ kind: 'missingApproval', token: dai, allowed: 0n, needed: 2n * whole }],
    ],
    [
      'an allowance that nobody knows',
      withTokens(dai, { routerAllowance: unreadable }),
      [{ kind: 'unreadable', token: dai }],
    ],
    ['a balance that nobody knows', withTokens(dai, { balance: unreadable }), [{ kind: 'unreadable', token: dai }]],
    [
      'more than is held',
      withTokens(dai, { balance: known(2n * whole - 1n) }),
      [{ kind: 'overspend', token: dai, needed: 2n * whole, held: 2n * whole - 1n }],
    ],
    [
      'a native balance that nobody knows',
      withTokens(nativeAddress, { balance: unreadable }),
      [{ kind: 'unreadable', token: nativeAddress }],
    ],
    [
      'the native reserve',
      withTokens(nativeAddress, { balance: known(whole + plan.nativeReserve - 1n) }),
      [
        {
          kind: 'overspend',
          token: nativeAddress,
          needed: whole + plan.nativeReserve,
          held: whole + plan.nativeReserve - 1n,
        },
      ],
    ],
    [
      'a minimum below the leg’s',
      withStep(0, { minimumOut: 994_999n }),
      [
        { kind: 'wrongPurchase', token: usdc, minimumOut: 994_999n, planned: 995_000n },
        { kind: 'lowMinimum', swapIndex: 0, minimumOut: 994_999n, planned: 995_000n },
      ],
    ],
    [
      'a minimum above the leg’s',
      withStep(0, { minimumOut: 995_001n }),
      [
        { kind: 'wrongPurchase', token: usdc, minimumOut: 995_001n, planned: 995_000n },
        { kind: 'swapDiffersFromPlan', swapIndex: 0 },
      ],
    ],
    [
      'a minimum above the quote',
      withStep(0, { minimumOut: 1_000_001n }),
      [
        { kind: 'wrongPurchase', token: usdc, minimumOut: 1_000_001n, planned: 995_000n },
        { kind: 'wrongPurchase', token: usdc, minimumOut: 1_000_001n, planned: 1_000_000n },
        { kind: 'minimumAboveQuote', swapIndex: 0 },
      ],
    ],
    [
      'an oracle floor of the plan above its minimum',
      withPlan({ legs: [{ ...natively, oracleFloor: 995_001n }, toEther] }),
      [{ kind: 'lowMinimum', swapIndex: 0, minimumOut: 995_000n, planned: 995_001n }],
    ],
    [
      'a purchase that the plan does not make',
      withPlan({ purchases: [bought(toEther, nativeAddress)] }),
      [{ kind: 'wrongPurchase', token: usdc, minimumOut: 995_000n, planned: 0n }],
    ],
    [
      'a purchase that nothing guarantees',
      withPlan({ purchases: [...plan.purchases, { ...bought(natively, link), minimumOut: 7n }] }),
      [{ kind: 'wrongPurchase', token: link, minimumOut: 0n, planned: 7n }],
    ],
    [
      'a spending that nothing takes',
      withPlan({ spendings: [...plan.spendings, { assetId: 'LINK', token: link, amount: 7n }] }),
      [{ kind: 'wrongSpending', token: link, spent: 0n, planned: 7n }],
    ],
    [
      'a spending that the plan does not say',
      withPlan({ spendings: [spent(natively, nativeAddress)] }),
      [{ kind: 'wrongSpending', token: dai, spent: 2n * whole, planned: 0n }],
    ],
    [
      'another value',
      withDecoded({ value: whole + 1n }),
      [
        { kind: 'wrongValue', value: whole + 1n, planned: whole },
        { kind: 'wrongValue', value: whole + 1n, planned: whole },
      ],
    ],
    [
      'a swap to somebody else',
      withStep(0, { recipient: stranger }),
      [
        { kind: 'swapDiffersFromPlan', swapIndex: 0 },
        { kind: 'wrongPurchase', token: usdc, minimumOut: 0n, planned: 995_000n },
      ],
    ],
    [
      'wrapped coin that is not unwrapped',
      withPlan({ legs: [natively, { ...toEther, paidTo: 'account' }] }, withStep(1, { recipient: plan.account })),
      [
        { kind: 'notUnwrapped', swapIndex: 1 },
        { kind: 'needlessStep', step: 'payOut' },
        { kind: 'wrongPurchase', token: nativeAddress, minimumOut: (199n * whole) / 100n, planned: 0n },
        { kind: 'wrongPurchase', token: weth, minimumOut: (199n * whole) / 100n, planned: 0n },
      ],
    ],
    [
      'a pay-out to somebody else',
      withStep(2, { recipient: stranger }),
      [{ kind: 'foreignRecipient', recipient: stranger }],
    ],
    [
      'a swap too few',
      withDecoded({ steps: decoded.steps.slice(1), value: whole }),
      [
        { kind: 'swapDiffersFromPlan', swapIndex: 0 },
        { kind: 'wrongPurchase', token: usdc, minimumOut: 0n, planned: 995_000n },
        { kind: 'minimumAboveQuote', swapIndex: 0 },
      ],
    ],
    [
      'legs that nothing carries out',
      withDecoded({ steps: decoded.steps.filter(({ kind }, i) => kind !== 'swap' || i === 0) }),
      [
        { kind: 'uselessApproval', token: dai },
        { kind: 'needlessStep', step: 'payOut' },
        { kind: 'wrongPurchase', token: nativeAddress, minimumOut: (199n * whole) / 100n, planned: 0n },
        { kind: 'swapDiffersFromPlan', swapIndex: 1 },
        { kind: 'wrongSpending', token: dai, spent: 0n, planned: 2n * whole },
      ],
    ],
    [
      'nothing given back',
      withDecoded({ steps: decoded.steps.slice(0, 3) }),
      [{ kind: 'leftInRouter', token: nativeAddress }],
    ],
    [
      'nothing paid out',
      withDecoded({ steps: decoded.steps.filter((_, i) => i !== 2) }),
      [
        { kind: 'leftInRouter', token: weth },
        { kind: 'wrongPurchase', token: nativeAddress, minimumOut: 0n, planned: (199n * whole) / 100n },
      ],
    ],
  ]
  test.each(cases)('behaviour: %s is said, and nothing else', (_, given, violations) => {
    expect(check(given)).toEqual(violations)
  })

  test('behaviour: A-23 the deadline is the plan’s, after the block and within ten minutes of it', () => {
    const { timestamp } = snapshot.block
    const at = (deadline: number) => check(withPlan({ deadline }, withDecoded({ deadline })))
    const bad = (deadline: number) => ({
      kind: 'badDeadline',
      deadline,
      earliest: timestamp + 1,
      latest: timestamp + 600,
    })
    expect([at(timestamp + 1), at(timestamp + 600)]).toEqual([[], []])
    expect([at(timestamp), at(timestamp + 601)]).toEqual([[bad(timestamp)], [bad(timestamp + 601)]])
    expect(check(withDecoded({ deadline: plan.deadline - 1 }))).toEqual([bad(plan.deadline - 1)])
  })

  test('behaviour: A-07 what the oracle asks is the worth less fee and one part in a hundred', () => {
    // 1 - 0.0005 - 0.01 of a dollar.
    const at = (minimumOut: bigint) => {
      const leg = { ...natively, minimumOut }
      const changed = withPlan({ legs: [leg, toEther], purchases: [bought(leg, usdc), bought(toEther, nativeAddress)] })
      return check(withStep(0, { minimumOut }, changed))
    }
    expect(at(989_500n)).toEqual([])
    expect(at(989_499n)).toEqual([{ kind: 'belowOracle', swapIndex: 0, minimumOut: 989_499n, floor: 989_500n }])
  })

  test('behaviour: a swap without two fresh prices is not signed', () => {
    for (const price of [{ status: 'noFeed' }, { status: 'fresh', usd: toUsd(0n), updatedAt: 1 }] as const) {
      const assets = snapshot.assets.map((each) => (each.asset.id === 'USDC' ? { ...each, price } : each))
      expect(check({ ...good, snapshot: { ...snapshot, assets } })).toEqual([{ kind: 'unpriced', swapIndex: 0 }])
    }
  })

  test('behaviour: A-09 a token that is not listed, and one that is not the plan’s', () => {
    const through = (token: Address, version: 'v2' | 'v4') => {
      const venue = version === 'v2' ? { version } : { version, feePips: 500, tickSpacing: 10 }
      const route = [
        { tokenIn: weth, tokenOut: token, venue },
        { tokenIn: token, tokenOut: usdc, venue },
      ]
      return check(withStep(0, { route })).filter(({ kind }) => kind === 'unlistedToken' || kind === 'tokenOutsidePlan')
    }
    for (const version of ['v2', 'v4'] as const) {
      expect(through(stranger, version)).toEqual([{ kind: 'unlistedToken', token: stranger }])
      expect(through(tokenOf('AAVE'), version)).toEqual([{ kind: 'tokenOutsidePlan', token: tokenOf('AAVE') }])
      expect(through(weth, version)).toEqual([])
    }
    // Only v4 knows the native coin as a token.
    expect(through(nativeAddress, 'v2')).toEqual([{ kind: 'unlistedToken', token: nativeAddress }])
    expect(through(nativeAddress, 'v4')).toEqual([])
    expect(check(withStep(2, { token: stranger })).map(({ kind }) => kind)).toContain('unlistedToken')
  })

  test('behaviour: a token that must be reset first is reset first', () => {
    const resets = { ...good, snapshot: withResets(snapshot, dai) }
    const allowed = withTokens(dai, { routerAllowance: known(1n) }, resets)
    const approve = (amounts: readonly bigint[]) =>
      check(
        withDecoded(
          { approvals: amounts.map((amount) => ({ kind: 'erc20', token: dai, spender: swapRouter02, amount })) },
          allowed,
        ),
      )
    expect(approve([0n, 2n * whole])).toEqual([])
    expect(approve([2n * whole])).toEqual([
      { kind: 'wrongApproval', token: dai, approved: 2n * whole, needed: 2n * whole },
    ])
    expect(approve([1n, 2n * whole])).toHaveLength(1)
    expect(check(resets)).toEqual([])
  })
})

function withResets(of: Snapshot, token: Address): Snapshot {
  const assets = of.assets.map((asset) => ({
    ...asset,
    tokens: asset.tokens.map((row) =>
      row.token.address === token ? { ...row, token: { ...row.token, resetsAllowance: true } } : row,
    ),
  }))
  return { ...of, assets }
}

describe('through the Universal Router', () => {
  const v4: HopPool = { kind: 'singleton', id: '0x', feePips: 500, tickSpacing: 10 }
  const leg = legOf({
    ...{ sell: 'DAI', buy: 'USDC', paidFrom: 'token', paidTo: 'account', tokenIn: dai, tokenOut: usdc, pool: v4 },
    ...{ amountIn: whole, quotedOut: 1_000_000n, minimumOut: 995_000n },
  })
  const direct = buildPlanAround({
    router: 'universalRouter',
    legs: [leg],
    spendings: [spent(leg, dai)],
    purchases: [bought(leg, usdc)],
  })
  const through: Given = {
    plan: direct,
    snapshot,
    decoded: decodeBundle(composeBundle({ plan: direct, snapshot, deployment }), deployment),
  }
  const grant = { kind: 'permit2', token: dai, spender: universalRouter, amount: whole, expiration: 0 } as const

  test('default', () => {
    expect(through.decoded.approvals).toEqual([{ kind: 'erc20', token: dai, spender: permit2, amount: whole }, grant])
    expect(check(through)).toEqual([])
  })

  test('behaviour: a grant counts as long as the swap may come', () => {
    const granted = (expiration: number, amount = whole) =>
      check(withTokens(dai, { universalRouterGrant: { status: 'known', amount, expiration } }, through))
    expect(granted(direct.deadline)).toEqual([{ kind: 'uselessApproval', token: dai }])
    expect(granted(direct.deadline - 1)).toEqual([])
    expect(granted(direct.deadline, whole - 1n)).toEqual([])
  })

  test('behaviour: what nobody knows of Permit2 blocks', () => {
    for (const change of [{ universalRouterGrant: unreadable }, { permit2Allowance: unreadable }]) {
      expect(check(withTokens(dai, change, through))).toEqual([{ kind: 'unreadable', token: dai }])
    }
  })

  test('behaviour: a grant to somebody else, one that lasts, and one that SwapRouter02 does not need', () => {
    const approvals = (change: Partial<typeof grant>) =>
      check(
        withDecoded(
          { approvals: [...through.decoded.approvals.slice(0, 1), { ...grant, ...change } as DecodedApproval] },
          through,
        ),
      )
    expect(approvals({ spender: stranger as typeof universalRouter })).toEqual([
      { kind: 'foreignSpender', token: dai, spender: stranger },
    ])
    expect(approvals({ expiration: 1 as 0 })).toEqual([{ kind: 'lastingGrant', token: dai, expiration: 1 }])
    const beside = { ...grant, amount: 1n }
    expect(check(withDecoded({ approvals: [...decoded.approvals, beside] }))).toEqual([
      { kind: 'foreignSpender', token: dai, spender: universalRouter },
    ])
  })

  test('behaviour: A-07 the floor follows the flow, with the protocol’s fee of the side that is sold', () => {
    const [token0, token1] = BigInt(dai) < BigInt(usdc) ? [dai, usdc] : [usdc, dai]
    const at = (minimumOut: bigint, protocolFeePips?: readonly [number, number]) => {
      const low = { ...leg, minimumOut }
      const pool: SingletonPool = {
        ...{ kind: 'singleton', id: leg.hops[0].pool.id, assetIds: ['DAI', 'USDC'], token0, token1, feePips: 500 },
        ...{ tickSpacing: 10, sqrtPriceX96: 1n, tick: 0, liquidity: 1n, ticks: [], knownTicks: { lower: 0, upper: 0 } },
        protocolFeePips: protocolFeePips ?? [0, 0],
      }
      const read = { ...snapshot, pools: protocolFeePips === undefined ? [] : [pool] }
      const changed = withPlan({ legs: [low], purchases: [bought(low, usdc)] }, { ...through, snapshot: read })
      return check(withStep(0, { minimumOut }, changed))
    }
    const below = (minimumOut: bigint, floor: bigint) => [
      { kind: 'purchaseBelowOracle', token: usdc, minimumOut, floor },
    ]
    expect(at(989_500n)).toEqual([])
    expect(at(989_499n)).toEqual(below(989_499n, 989_500n))
    // 0.9995 * 0.999 - 0.01 and 0.9995 * 0.998 - 0.01, in whole millionths.
    const [ofSold, ofBought] = dai === token0 ? [0, 1] : [1, 0]
    const fees = (sold: number, other: number) => {
      const pair: [number, number] = [0, 0]
      pair[ofSold] = sold
      pair[ofBought] = other
      return pair
    }
    expect(at(988_500n, fees(1_000, 2_000))).toEqual([])
    expect(at(988_499n, fees(1_000, 2_000))).toEqual(below(988_499n, 988_500n))
    expect(at(987_501n, fees(2_000, 1_000))).toEqual([])
    expect(at(987_500n, fees(2_000, 1_000))).toEqual(below(987_500n, 987_501n))
  })

  test('behaviour: another minimum of a leg is another plan, a lower one a low one', () => {
    expect(check(withStep(0, { minimumOut: 995_001n }, through))).toContainEqual({
      kind: 'swapDiffersFromPlan',
      swapIndex: 0,
    })
    expect(check(withStep(0, { minimumOut: 994_999n }, through))).toContainEqual({
      ...{ kind: 'lowMinimum', swapIndex: 0, minimumOut: 994_999n, planned: 995_000n },
    })
  })
})
