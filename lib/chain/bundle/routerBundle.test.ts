import fc from 'fast-check'
import { bytesToHex, encodeAbiParameters, encodeFunctionData, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { universalRouterCommands as commands, universalRouterAbi, v4Actions } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, DecodedBundle, DecodedStep, DecodedVenue } from '@/lib/core/bundle'
import type { Hop, Leg, Purchase, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import type { PlanCase } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { findSample } from '@/lib/testing/findSample'
import { runs } from '@/lib/testing/runs'
import { listSwaps } from './bundleFacts'
import { UndecodableBundleError } from './canonical'
import { checkBundle } from './checkBundle'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { poolIdOf } from './poolIdOf'
import { UnencodablePlanError } from './unencodablePlan'

const { universalRouter, permit2, wrappedNative: weth } = deployment.contracts

function compose({ plan, snapshot }: PlanCase): Bundle {
  return composeBundle({ plan, snapshot, deployment })
}

function check({ plan, snapshot }: PlanCase, decoded: DecodedBundle) {
  return checkBundle(decoded, { account: plan.account, deployment, plan, snapshot })
}

/** The first sample that has something, with its bundle and what it says. */
function find(has: (given: PlanCase, decoded: DecodedBundle) => boolean) {
  const read = (given: PlanCase) => decodeBundle(compose(given), deployment)
  const given = findSample(routerPlanArbitrary, (each) => has(each, read(each)))
  return { ...given, bundle: compose(given), decoded: read(given) }
}

const hasStep = (kind: DecodedStep['kind']) => (_: PlanCase, decoded: DecodedBundle) =>
  decoded.steps.some((step) => step.kind === kind)

function venueOf({ pool }: Hop): DecodedVenue {
  switch (pool.kind) {
    case 'constantProduct':
      return { version: 'v2' }
    case 'concentrated':
      return { version: 'v3', feePips: pool.feePips }
    case 'singleton':
      return { version: 'v4', feePips: pool.feePips, tickSpacing: pool.tickSpacing }
  }
}

test('default', () => {
  const { bundle, plan } = find(hasStep('pull'))
  expect(bundle.swap.to).toBe(universalRouter)
  expect(bundle.swap.data.slice(0, 10)).toBe('0x3593564c')
  expect(Object.isFrozen(bundle) && Object.isFrozen(bundle.swap) && bundle.approvals.every(Object.isFrozen)).toBe(true)
  const erc20s = plan.spendings.filter(({ token }) => token !== nativeAddress)
  for (const { to } of bundle.approvals) expect([permit2, ...erc20s.map(({ token }) => token)]).toContain(to)
})

test('property: A-10 what the decoder reads is what the plan says, and nothing is wrong with it', () => {
  fc.assert(
    fc.property(routerPlanArbitrary, (given) => {
      const { plan } = given
      const decoded = decodeBundle(compose(given), deployment)
      expect(check(given, decoded)).toEqual([])
      const { router, deadline, value, steps, approvals } = decoded
      expect({ router, deadline }).toEqual({ router: universalRouter, deadline: plan.deadline })
      expect(value).toBe(plan.spendings.find(({ token }) => token === nativeAddress)?.amount ?? 0n)
      const swaps = listSwaps(decoded)
      expect(
        swaps.map(({ route, minimumOut, recipient, paidFrom }) => ({ route, minimumOut, recipient, paidFrom })),
      ).toEqual(
        plan.legs.map(({ hops: [hop], minimumOut, paidTo, paidFrom }) => ({
          route: [{ tokenIn: hop.tokenIn, tokenOut: hop.tokenOut, venue: venueOf(hop) }],
          minimumOut,
          recipient: paidTo === 'account' ? plan.account : universalRouter,
          paidFrom: paidFrom === 'token' ? 'token' : 'router',
        })),
      )
      for (const [index, { amountIn }] of swaps.entries()) {
        if (amountIn !== 'rest') expect(amountIn).toBe(plan.legs[index]?.amountIn)
      }
      for (const step of steps) if (step.kind === 'payOut') expect(step.recipient).toBe(plan.account)
      for (const { kind, spender } of approvals) expect(spender).toBe(kind === 'permit2' ? universalRouter : permit2)
    }),
    { numRuns: runs(200) },
  )
})

test('property: two calls for each token that is pulled, and one that swaps', () => {
  fc.assert(
    fc.property(routerPlanArbitrary, ({ plan, snapshot }) => {
      const nothing = { status: 'known', amount: 0n } as const
      const bare: Snapshot = {
        ...snapshot,
        assets: snapshot.assets.map((reading) => ({
          ...reading,
          tokens: reading.tokens.map((token) => ({
            ...token,
            permit2Allowance: nothing,
            universalRouterGrant: { ...nothing, expiration: 0 },
          })),
        })),
      }
      const { approvals } = compose({ plan, snapshot: bare })
      const erc20s = plan.spendings.filter(({ token }) => token !== nativeAddress)
      expect(approvals).toHaveLength(2 * erc20s.length)
      expect(approvals.map(({ to }) => to)).toEqual(erc20s.flatMap(({ token }) => [token, permit2]))
    }),
    { numRuns: runs(50) },
  )
})

describe('plans that the router could not execute', () => {
  const findFed = () =>
    findSample(
      routerPlanArbitrary,
      ({ plan }) => plan.legs.some(({ paidFrom }) => paidFrom === 'router') && plan.legs.length > 3,
    )
  let found: PlanCase | undefined
  /** A plan in which a leg spends what another one brings, and what it takes to change it. */
  function openFed() {
    found ??= findFed()
    const { plan, snapshot } = found
    const withLeg = (index: number, change: Partial<Leg>): PlanCase => {
      const legs = plan.legs.map((leg, i) => (i === index ? { ...leg, ...change } : leg))
      return { snapshot, plan: { ...plan, legs: legs as unknown as RebalancePlan['legs'] } }
    }
    const withPurchase = (change: Partial<Purchase>): PlanCase => {
      const [first, ...others] = plan.purchases
      return { snapshot, plan: { ...plan, purchases: [{ ...first, ...change }, ...others] } }
    }
    const withPlan = (change: Partial<RebalancePlan>): PlanCase => ({ snapshot, plan: { ...plan, ...change } })
    const withTokens = (change: object): PlanCase => ({
      plan,
      snapshot: {
        ...snapshot,
        assets: snapshot.assets.map((each) => ({
          ...each,
          tokens: each.tokens.map((token) => ({ ...token, ...change })),
        })),
      },
    })
    const [first] = plan.legs
    const [hop] = first.hops
    const [purchase] = plan.purchases
    const [spending, ...spendings] = plan.spendings
    const fromRouter = plan.legs.findIndex(({ paidFrom }) => paidFrom === 'router')
    const fedLater = plan.legs.findIndex(({ sell }) => plan.legs.some(({ buy }) => buy === sell))
    const reversed = [...plan.legs].reverse() as unknown as RebalancePlan['legs']
    return {
      ...{ plan, first, hop, purchase, spending, spendings, fromRouter, fedLater, reversed },
      ...{ withLeg, withPurchase, withPlan, withTokens },
    }
  }
  const unreadable = { status: 'unreadable', reason: 'no answer' } as const
  const cases: readonly (readonly [string, (fed: ReturnType<typeof openFed>) => PlanCase])[] = [
    ['nothing sold', ({ hop, withLeg }) => withLeg(0, { amountIn: 0n, hops: [{ ...hop, amountIn: 0n }] })],
    ['two pools in a leg', ({ hop, withLeg }) => withLeg(0, { hops: [hop, hop] })],
    [
      'another amount in the hop',
      ({ hop, withLeg }) => withLeg(0, { hops: [{ ...hop, amountIn: hop.amountIn + 1n }] }),
    ],
    ['another asset in the hop', ({ hop, withLeg }) => withLeg(0, { hops: [{ ...hop, buy: 'XYZ' }] })],
    ['what is bought is what is sold', ({ hop, withLeg }) => withLeg(0, { hops: [{ ...hop, tokenOut: hop.tokenIn }] })],
    [
      'a pool that the router would not find',
      ({ hop, withLeg }) => withLeg(0, { hops: [{ ...hop, pool: { ...hop.pool, id: '0x01' } }] }),
    ],
    ['a pool twice', ({ plan, first, withPlan }) => withPlan({ legs: [first, ...plan.legs] })],
    ['a minimum half-way', ({ fromRouter, withLeg }) => withLeg(fromRouter, { paidTo: 'router', minimumOut: 1n })],
    ['a minimum that is not the purchase’s', ({ withLeg }) => withLeg(0, { paidTo: 'account', minimumOut: 1n })],
    ['an order in which a leg comes too early', ({ reversed, withPlan }) => withPlan({ legs: reversed })],
    ['a leg that spends more than there is', ({ fedLater, withLeg }) => withLeg(fedLater, { paidFrom: 'token' })],
    ['no minimum', ({ withPurchase }) => withPurchase({ minimumOut: 0n, oracleFloor: 0n })],
    [
      'a minimum below the oracle',
      ({ purchase, withPurchase }) => withPurchase({ oracleFloor: purchase.minimumOut + 1n }),
    ],
    [
      'a minimum above the quote',
      ({ purchase, withPurchase }) => withPurchase({ minimumOut: purchase.quotedOut + 1n }),
    ],
    [
      'a purchase that no leg makes',
      ({ purchase, withPurchase }) => withPurchase({ quotedOut: purchase.quotedOut + 1n }),
    ],
    [
      'more spent than the legs take',
      ({ spending, spendings, withPlan }) =>
        withPlan({ spendings: [{ ...spending, amount: spending.amount + 1n }, ...spendings] }),
    ],
    ['another chain', ({ withPlan }) => withPlan({ chainId: 1 })],
    ['a late deadline', ({ plan, withPlan }) => withPlan({ deadline: plan.block.timestamp + 601 })],
    ['an unknown balance', ({ withTokens }) => withTokens({ balance: unreadable })],
    ['an unknown allowance of Permit2', ({ withTokens }) => withTokens({ permit2Allowance: unreadable })],
    ['an unknown grant', ({ withTokens }) => withTokens({ universalRouterGrant: unreadable })],
    ['too small a balance', ({ withTokens }) => withTokens({ balance: { status: 'known', amount: 1n } })],
  ]
  test.each(cases)('error: UnencodablePlanError, %s', (_, change) => {
    const wrong = change(openFed())
    expect(() => compose(wrong)).toThrow(UnencodablePlanError)
  })
})

describe('bytes that Ballast does not make', () => {
  const account: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
  const [caller, router]: readonly [Address, Address] = [
    '0x0000000000000000000000000000000000000001',
    '0x0000000000000000000000000000000000000002',
  ]
  const stranger: Address = '0x000000000000000000000000000000000000dEaD'
  const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
  const all = 2n ** 255n

  type Part = readonly [byte: number, input: Hex]
  function toBundle(parts: readonly Part[]): Pick<Bundle, 'account' | 'approvals' | 'swap'> {
    const bytes = bytesToHex(Uint8Array.from(parts, ([byte]) => byte))
    const args = [bytes, parts.map(([, input]) => input), 1_750_000_600n] as const
    const data = encodeFunctionData({ abi: universalRouterAbi, functionName: 'execute', args })
    return { account, approvals: [], swap: { to: universalRouter, data, value: 0n } }
  }
  const v2 = (
    recipient: Address,
    amountIn: bigint,
    path: readonly Address[] = [usdc, weth],
    payerIsUser = true,
  ): Part => [
    commands.v2SwapExactIn.byte,
    encodeAbiParameters(commands.v2SwapExactIn.inputs, [recipient, amountIn, 1n, path, payerIsUser]),
  ]
  const v3 = (path: Hex): Part => [
    commands.v3SwapExactIn.byte,
    encodeAbiParameters(commands.v3SwapExactIn.inputs, [caller, 5n, 1n, path, true]),
  ]
  const good = v2(caller, 5n)

  type V4 = {
    readonly settle: readonly [Address, bigint, boolean]
    readonly take: readonly [Address, Address, bigint]
    readonly key: Partial<{ currency0: Address; currency1: Address; hooks: Address }>
    readonly amountIn: bigint
    readonly hookData: Hex
    readonly actions: readonly number[]
  }
  function v4(change: Partial<V4>): Part {
    const { settle, take, key, amountIn, hookData, actions } = {
      settle: [usdc, 5n, true] as const,
      take: [weth, caller, 0n] as const,
      key: {},
      amountIn: 5n,
      hookData: '0x' as const,
      actions: [v4Actions.settle.byte, v4Actions.swapExactInSingle.byte, v4Actions.take.byte],
      ...change,
    }
    const poolKey = {
      currency0: usdc,
      currency1: weth,
      fee: 500,
      tickSpacing: 10,
      hooks: zeroAddress as Address,
      ...key,
    }
    const params = [
      encodeAbiParameters(v4Actions.settle.inputs, settle),
      encodeAbiParameters(v4Actions.swapExactInSingle.inputs, [
        { poolKey, zeroForOne: true, amountIn, amountOutMinimum: 1n, hookData },
      ]),
      encodeAbiParameters(v4Actions.take.inputs, take),
    ]
    const input = encodeAbiParameters(commands.v4Swap.inputs, [bytesToHex(Uint8Array.from(actions)), params])
    return [commands.v4Swap.byte, input]
  }

  test('behaviour: what is no swap of a stranger is read', () => {
    const { steps } = decodeBundle(toBundle([good, v4({})]), deployment)
    expect(steps.map(({ kind }) => kind)).toEqual(['swap', 'swap'])
  })

  const three = encodeAbiParameters(commands.sweep.inputs, [usdc, caller, 1n])
  const cases: readonly (readonly [string, readonly Part[]])[] = [
    ['no swap at all', [[commands.sweep.byte, three]]],
    ['a command that may fail', [[good[0] | 0x80, good[1]]]],
    ['a command under another number that the router takes for the same', [[good[0] | 0x40, good[1]]]],
    ...[0x01, 0x03, 0x05, 0x06, 0x09, 0x0a, 0x0d, 0x0e, 0x11, 0x12, 0x13, 0x14, 0x21].map(
      (byte) => [`the command ${byte}`, [good, [byte, three]]] as const,
    ),
    ['a swap that pays a stranger', [v2(stranger, 5n)]],
    ['a swap that pays the account by its address', [v2(account, 5n)]],
    ['a swap of what somebody paid to the pair', [v2(caller, 0n)]],
    ['a swap that pulls whatever is held', [v2(caller, all)]],
    ['a v2 path of three tokens', [v2(caller, 5n, [usdc, permit2, weth])]],
    ['a v2 path of one token', [v2(caller, 5n, [usdc])]],
    ['the native coin in v2', [v2(caller, 5n, [nativeAddress, weth])]],
    ['a v3 path of two pools', [v3(`${usdc}0001f4${weth.slice(2)}0001f4${permit2.slice(2)}` as Hex)]],
    ['a v3 path that ends early', [v3(`${usdc}0001f4` as Hex)]],
    ['a v4 pool with hooks', [v4({ key: { hooks: stranger } })]],
    ['data for hooks', [v4({ hookData: '0x01' })]],
    ['a v4 pool in the wrong order', [v4({ key: { currency0: weth, currency1: usdc } })]],
    ['a v4 swap that pays another coin', [v4({ settle: [permit2, 5n, true] })]],
    ['a v4 swap that pays another amount', [v4({ settle: [usdc, 6n, true] })]],
    ['a v4 swap that swaps whatever is owed', [v4({ amountIn: 0n })]],
    ['a v4 swap that pays what is owed', [v4({ settle: [usdc, 0n, true], amountIn: 0n })]],
    ['a v4 swap that takes another coin', [v4({ take: [permit2, caller, 0n] })]],
    ['a v4 swap that takes a part', [v4({ take: [weth, caller, 3n] })]],
    ['a v4 swap that pays a stranger', [v4({ take: [weth, stranger, 0n] })]],
    ['a v4 swap with other actions', [v4({ actions: [0x0c, 0x06, 0x0e] })]],
    ['a v4 swap with an action less', [v4({ actions: [0x0b, 0x06] })]],
    ['native coin pulled', [v4({ settle: [zeroAddress, 5n, true], key: { currency0: zeroAddress } })]],
    [
      'a pull to the account',
      [[0x02, encodeAbiParameters(commands.permit2TransferFrom.inputs, [usdc, caller, 5n])], good],
    ],
    [
      'a pull of the native coin',
      [[0x02, encodeAbiParameters(commands.permit2TransferFrom.inputs, [nativeAddress, router, 5n])], good],
    ],
    ['a sweep to a stranger', [good, [0x04, encodeAbiParameters(commands.sweep.inputs, [usdc, stranger, 1n])]]],
    ['a sweep into the router', [good, [0x04, encodeAbiParameters(commands.sweep.inputs, [usdc, router, 1n])]]],
    [
      'a sweep of the pseudo-address',
      [good, [0x04, encodeAbiParameters(commands.sweep.inputs, [nativeAddress, caller, 1n])]],
    ],
    [
      'a minimum that the router cannot read',
      [good, [0x04, encodeAbiParameters(commands.sweep.inputs, [usdc, caller, 2n ** 160n])]],
    ],
    ['a part wrapped', [good, [0x0b, encodeAbiParameters(commands.wrapEth.inputs, [router, 5n])]]],
    ['coin wrapped for the account', [good, [0x0b, encodeAbiParameters(commands.wrapEth.inputs, [caller, all])]]],
    ['an unwrap to a stranger', [good, [0x0c, encodeAbiParameters(commands.unwrapWeth.inputs, [stranger, 0n])]]],
    [
      'an unwrap with a minimum half-way',
      [good, [0x0c, encodeAbiParameters(commands.unwrapWeth.inputs, [router, 1n])]],
    ],
  ]
  test.each(cases)('error: UndecodableBundleError, %s', (_, parts) => {
    expect(() => decodeBundle(toBundle(parts), deployment)).toThrow(UndecodableBundleError)
  })

  test('error: UndecodableBundleError, more commands than inputs', () => {
    const args = ['0x0808', [good[1]], 1_750_000_600n] as const
    const data = encodeFunctionData({ abi: universalRouterAbi, functionName: 'execute', args })
    const bundle = { ...toBundle([good]), swap: { to: universalRouter, data, value: 0n } }
    expect(() => decodeBundle(bundle, deployment)).toThrow(UndecodableBundleError)
  })
})

describe('bundles that are not as they must be', () => {
  const edit = (decoded: DecodedBundle, change: (steps: readonly DecodedStep[]) => readonly DecodedStep[]) => ({
    ...decoded,
    steps: change(decoded.steps),
  })
  const kindsOf = (given: PlanCase, decoded: DecodedBundle) => check(given, decoded).map(({ kind }) => kind)

  test('behaviour: a last leg that does not take the rest would leave something when pools pay better', () => {
    const given = find((_, decoded) => listSwaps(decoded).some(({ amountIn }) => amountIn === 'rest'))
    let swapIndex = -1
    const changed = edit(given.decoded, (steps) =>
      steps.map((step) => {
        if (step.kind !== 'swap') return step
        swapIndex += 1
        return { ...step, amountIn: given.plan.legs[swapIndex]?.amountIn ?? 0n }
      }),
    )
    expect(kindsOf(given, changed)).toContain('leftInRouter')
  })

  test.each(['payOut', 'unwrap', 'wrap', 'pull'] as const)('behaviour: without its %s', (kind) => {
    const given = find(hasStep(kind))
    const changed = edit(given.decoded, (steps) => steps.filter((step) => step.kind !== kind))
    expect(check(given, changed)).not.toEqual([])
  })

  test.each(['wrap', 'unwrap', 'refund'] as const)('behaviour: with a needless %s', (kind) => {
    const given = find((_, { steps, value }) => value === 0n && steps.every((step) => step.kind === 'swap'))
    expect(
      kindsOf(
        given,
        edit(given.decoded, (steps) => [...steps, { kind }]),
      ),
    ).toContain('needlessStep')
  })

  test('behaviour: a pay-out to somebody else, and one with another minimum', () => {
    const given = find(hasStep('payOut'))
    const withPayOut = (change: object) =>
      edit(given.decoded, (steps) => steps.map((step) => (step.kind === 'payOut' ? { ...step, ...change } : step)))
    expect(kindsOf(given, withPayOut({ recipient: permit2 }))).toContain('foreignRecipient')
    expect(kindsOf(given, withPayOut({ minimumOut: 1n }))).toContain('wrongPurchase')
  })

  test('behaviour: a grant that outlives its block, or to somebody else', () => {
    const given = find((_, { approvals }) => approvals.some(({ kind }) => kind === 'permit2'))
    const withGrant = (change: object) => ({
      ...given.decoded,
      approvals: given.decoded.approvals.map((each) => (each.kind === 'permit2' ? { ...each, ...change } : each)),
    })
    expect(kindsOf(given, withGrant({ expiration: 1_850_000_000 }))).toContain('lastingGrant')
    expect(kindsOf(given, withGrant({ spender: deployment.contracts.swapRouter02 }))).toContain('foreignSpender')
    expect(kindsOf(given, withGrant({ amount: 2n ** 160n - 1n }))).toContain('wrongApproval')
  })

  test('property: a purchase below the oracle is seen although plan and bytes agree', () => {
    fc.assert(
      fc.property(routerPlanArbitrary, ({ plan, snapshot }) => {
        const [first, ...others] = plan.purchases
        // Feeds and quotes agree and there is a fee, so that four parts in a hundred are below what fees and tolerance explain.
        const path = plan.legs.filter(({ buy }) => buy === first.assetId)
        const isDirect = path.every(({ sell }) => plan.spendings.some(({ assetId }) => assetId === sell))
        const minimumOut = (first.quotedOut * (isDirect ? 97n : 90n)) / 100n
        if (minimumOut === 0n) return
        const purchase = { ...first, minimumOut, oracleFloor: 0n }
        const legs = plan.legs.map((leg) =>
          leg.paidTo === 'account' && leg.buy === first.assetId ? { ...leg, minimumOut } : leg,
        ) as unknown as RebalancePlan['legs']
        const given = { snapshot, plan: { ...plan, legs, purchases: [purchase, ...others] as const } }
        expect(kindsOf(given, decodeBundle(compose(given), deployment))).toContain('purchaseBelowOracle')
      }),
      { numRuns: runs(50) },
    )
  })

  test('behaviour: without a fresh price of what is sold or bought', () => {
    const given = find(() => true)
    const [{ assetId }] = given.plan.spendings
    const assets = given.snapshot.assets.map((reading) =>
      reading.asset.id === assetId ? { ...reading, price: { status: 'noFeed' } as const } : reading,
    )
    expect(kindsOf({ ...given, snapshot: { ...given.snapshot, assets } }, given.decoded)).toContain('unpricedToken')
  })
})

test('behaviour: the id of a v4 pool is the hash of its key, the native coin first', () => {
  const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
  const pool = { kind: 'singleton', id: '0x', feePips: 500, tickSpacing: 10 } as const
  const there = poolIdOf({ pool, tokenIn: nativeAddress, tokenOut: usdc }, deployment)
  expect(poolIdOf({ pool, tokenIn: usdc, tokenOut: nativeAddress }, deployment)).toBe(there)
  // The pool of ether and USDC at 0.05 % on Ethereum.
  expect(there).toBe('0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27')
})
