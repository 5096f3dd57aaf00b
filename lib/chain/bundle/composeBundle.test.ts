import fc from 'fast-check'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, DecodedBundle, DecodedStep } from '@/lib/core/bundle'
import type { Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import { sumPurchases, sumSpendings } from '@/lib/core/rebalance/sumLegs'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import { type PlanCase, planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { findSample } from '@/lib/testing/findSample'
import { runs } from '@/lib/testing/runs'
import { listSwaps } from './bundleFacts'
import { UndecodableBundleError } from './canonical'
import { checkBundle } from './checkBundle'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { bundleCalls, hashBundle } from './hashBundle'
import { UnencodablePlanError } from './unencodablePlan'

const router = deployment.contracts.swapRouter02
const weth = deployment.contracts.wrappedNative

/** One case that always comes out the same. */
const [sample] = fc.sample(planArbitrary, { seed: 7, numRuns: 1 })
if (sample === undefined) throw new Error('no sample')

function compose({ plan, snapshot }: PlanCase): Bundle {
  return composeBundle({ plan, snapshot, deployment })
}

function check({ plan, snapshot }: PlanCase, decoded: DecodedBundle) {
  return checkBundle(decoded, { account: plan.account, deployment, plan, snapshot })
}

/** What a plan's bundle must say, worked out from the plan alone. */
function expectedOf({ plan, snapshot }: PlanCase): DecodedBundle {
  const isNative = (leg: Leg) => (leg.hops.at(-1) ?? leg.hops[0]).tokenOut === weth
  const bought = plan.legs.filter(isNative)
  const value = plan.legs.filter(({ paidFrom }) => paidFrom === 'native').reduce((sum, leg) => sum + leg.amountIn, 0n)
  const sold = new Map<Address, bigint>()
  for (const { paidFrom, hops, amountIn } of plan.legs) {
    if (paidFrom === 'token') sold.set(hops[0].tokenIn, (sold.get(hops[0].tokenIn) ?? 0n) + amountIn)
  }
  const readings = snapshot.assets.flatMap(({ tokens }) => tokens)
  return {
    approvals: [...sold].flatMap(([token, amount]) => {
      const reading = readings.find((each) => each.token.address === token)
      const allowed = reading?.routerAllowance.status === 'known' ? reading.routerAllowance.amount : 0n
      if (allowed >= amount) return []
      const reset = reading?.token.resetsAllowance === true && allowed > 0n
      return [...(reset ? [0n] : []), amount].map((each) => ({ kind: 'erc20', token, spender: router, amount: each }))
    }),
    steps: [
      ...plan.legs.map(
        (leg): DecodedStep => ({
          kind: 'swap',
          tokenIn: leg.hops[0].tokenIn,
          tokenOut: (leg.hops.at(-1) ?? leg.hops[0]).tokenOut,
          route: leg.hops.map(({ tokenIn, tokenOut, pool }) => ({
            tokenIn,
            tokenOut,
            venue: pool.kind === 'constantProduct' ? { version: 'v2' } : { version: 'v3', feePips: pool.feePips },
          })),
          amountIn: leg.amountIn,
          minimumOut: leg.minimumOut,
          recipient: isNative(leg) ? router : plan.account,
          paidFrom: leg.paidFrom,
        }),
      ),
      ...(bought.length === 0
        ? []
        : [
            {
              kind: 'payOut',
              token: nativeAddress,
              minimumOut: bought.reduce((sum, leg) => sum + leg.minimumOut, 0n),
              recipient: plan.account,
              fromWrapped: true,
            } as const,
          ]),
      ...(value > 0n ? [{ kind: 'refund' } as const] : []),
    ],
    value,
    deadline: plan.deadline,
    router,
  }
}

test('default', () => {
  const bundle = compose(sample)
  expect(bundle.swap.to).toBe(router)
  expect(bundle.swap.data.slice(0, 10)).toBe('0x5ae401dc')
  expect(bundle.hash).toBe(hashBundle(bundle))
  expect(Object.isFrozen(bundle) && Object.isFrozen(bundle.swap) && Object.isFrozen(bundle.approvals)).toBe(true)
})

test('property: A-10 what the decoder reads is what the plan says, and nothing is wrong with it', () => {
  fc.assert(
    fc.property(planArbitrary, (given) => {
      const decoded = decodeBundle(compose(given), deployment)
      expect(decoded).toEqual(expectedOf(given))
      expect(check(given, decoded)).toEqual([])
    }),
    { numRuns: runs(100) },
  )
})

test('property: A-01 A-02 A-03 recipients and spenders are the account and the router, targets the router and sold tokens', () => {
  fc.assert(
    fc.property(planArbitrary, (given) => {
      const bundle = compose(given)
      const decoded = decodeBundle(bundle, deployment)
      const { account } = given.plan
      for (const { spender } of decoded.approvals) expect(spender).toBe(router)
      for (const { recipient } of listSwaps(decoded)) expect([account, router]).toContain(recipient)
      for (const step of decoded.steps) if (step.kind === 'payOut') expect(step.recipient).toBe(account)
      const sold = given.plan.legs.map(({ hops }) => hops[0].tokenIn)
      for (const { to, value } of bundle.approvals) {
        expect(sold).toContain(to)
        expect(value).toBe(0n)
      }
    }),
    { numRuns: runs(100) },
  )
})

function flip(data: Hex, position: number, bit: number): Hex {
  const at = 2 + 2 * (position % ((data.length - 2) / 2))
  const byte = (Number.parseInt(data.slice(at, at + 2), 16) ^ (1 << bit)).toString(16).padStart(2, '0')
  return `${data.slice(0, at)}${byte}${data.slice(at + 2)}` as Hex
}

function replaceWord(data: Hex, position: number, word: string): Hex {
  const at = 10 + 64 * (position % Math.floor((data.length - 10) / 64))
  return `${data.slice(0, at)}${word}${data.slice(at + 64)}` as Hex
}

/** Whether the decoder or the check stops a bundle. */
function isStopped(given: PlanCase, mutant: Bundle): boolean {
  try {
    return check(given, decodeBundle(mutant, deployment)).length > 0
  } catch (error) {
    if (error instanceof UndecodableBundleError) return true
    throw error
  }
}

type Mutation = {
  readonly call: number
  readonly position: number
  readonly bit: number
  readonly word: string | undefined
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  call: fc.nat(20),
  position: fc.nat(1_000_000),
  bit: fc.nat(7),
  word: fc.option(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    {
      nil: undefined,
    },
  ),
})

const routers = [
  ['SwapRouter02', planArbitrary],
  ['Universal Router', routerPlanArbitrary],
] as const

test.each(routers)(
  'property: F-61 A-10 A-12 every changed bit and word of the bytes is flagged, and changes the hash, %s',
  (_, plans) => {
    fc.assert(
      fc.property(plans, fc.array(mutation, { minLength: 10, maxLength: 10 }), (given, mutations) => {
        const bundle = compose(given)
        const calls = bundleCalls(bundle)
        for (const { call, position, bit, word } of mutations) {
          const index = call % calls.length
          const changed = calls.map((each, i) => {
            if (i !== index) return each
            return {
              ...each,
              data: word === undefined ? flip(each.data, position, bit) : replaceWord(each.data, position, word),
            }
          })
          const swap = changed.at(-1) ?? bundle.swap
          const mutant = { ...bundle, approvals: changed.slice(0, -1), swap }
          if (hashBundle(mutant) === bundle.hash) continue
          expect(isStopped(given, mutant)).toBe(true)
        }
      }),
      { numRuns: runs(50) },
    )
  },
)

/** What every word of the bytes is replaced by, one at a time. */
const wordMutants: readonly ((word: bigint) => bigint)[] = [
  () => 0n,
  () => 1n,
  () => 2n,
  () => 2n ** 255n,
  () => 2n ** 256n - 1n,
  (word) => word ^ 1n,
  (word) => word ^ (1n << 255n),
  (word) => (word + 1n) % 2n ** 256n,
  (word) => (word === 0n ? 32n : word - 1n),
  () => BigInt(nativeAddress),
  () => BigInt(weth),
  () => BigInt(deployment.contracts.permit2),
]

test.each(routers)('property: F-61 A-12 not one word of the bytes can be another, %s', (_, plans) => {
  let count = 0
  const passed: string[] = []
  const small = fc.sample(plans, { seed: 3, numRuns: 40 }).filter(({ plan: { legs } }) => legs.length <= 4)
  for (const given of small) {
    if (count > 500) break
    const bundle = compose(given)
    const calls = bundleCalls(bundle)
    calls.forEach((call, index) => {
      for (let at = 10; at < call.data.length; at += 64) {
        const word = BigInt(`0x${call.data.slice(at, at + 64)}`)
        for (const mutate of wordMutants) {
          if (mutate(word) === word) continue
          const data = `${call.data.slice(0, at)}${mutate(word).toString(16).padStart(64, '0')}${call.data.slice(at + 64)}`
          const changed = calls.map((each, i) => (i === index ? { ...each, data: data as Hex } : each))
          const mutant = { ...bundle, approvals: changed.slice(0, -1), swap: changed.at(-1) ?? bundle.swap }
          if (!isStopped(given, mutant)) passed.push(`${index} ${at}`)
          count += 1
        }
      }
    })
  }
  expect(passed).toEqual([])
  expect(count).toBeGreaterThan(500)
})

describe.each(routers)('mutants of the calls around the bytes, %s', (_, plans) => {
  const mutants: readonly (readonly [string, (bundle: Bundle) => Partial<Bundle>])[] = [
    ['more value', ({ swap }) => ({ swap: { ...swap, value: swap.value + 1n } })],
    ['an unknown router', ({ swap }) => ({ swap: { ...swap, to: deployment.contracts.quoterV2 } })],
    [
      'the other router',
      ({ swap }) => ({ swap: { ...swap, to: swap.to === router ? deployment.contracts.universalRouter : router } }),
    ],
    ['an approval more', ({ approvals }) => ({ approvals: [...approvals, ...approvals.slice(0, 1)] })],
    ['an approval less', ({ approvals }) => ({ approvals: approvals.slice(1) })],
    ['trailing bytes', ({ swap }) => ({ swap: { ...swap, data: `${swap.data}00` } })],
    ['another function', ({ swap }) => ({ swap: { ...swap, data: `0x12345678${swap.data.slice(10)}` } })],
  ]
  test.each(mutants)('behaviour: %s is flagged', (_name, change) => {
    const given = findSample(plans, (each) => compose(each).approvals.length > 1)
    const bundle = compose(given)
    expect(isStopped(given, { ...bundle, ...change(bundle) })).toBe(true)
  })
})

test('property: A-12 the hash depends on account, chain and every call', () => {
  const bundle = compose(sample)
  const hashes = [
    bundle,
    { ...bundle, account: router },
    { ...bundle, chainId: 1 },
    { ...bundle, approvals: bundle.approvals.slice(1) },
    { ...bundle, swap: { ...bundle.swap, value: bundle.swap.value + 1n } },
  ].map(hashBundle)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashBundle({ ...bundle, account: bundle.account.toLowerCase() as Address })).toBe(bundle.hash)
})

describe('plans that the router could not execute', () => {
  const { plan, snapshot } = sample
  const [first] = plan.legs
  const withFirst = (change: Partial<Leg>): RebalancePlan => ({
    ...plan,
    legs: [{ ...first, ...change }, ...plan.legs.slice(1)],
  })
  const unreadable = { status: 'unreadable', reason: 'no answer' } as const
  const changeTokens = (change: object): Snapshot => ({
    ...snapshot,
    assets: snapshot.assets.map((each) => ({ ...each, tokens: each.tokens.map((token) => ({ ...token, ...change })) })),
  })
  const foreignHop = {
    ...first.hops[0],
    pool: { ...first.hops[0].pool, id: keccak256('0x01').slice(0, 42) as Address },
  }
  const cases: readonly (readonly [string, RebalancePlan, Snapshot])[] = [
    [
      'nothing sold',
      withFirst({ amountIn: 0n, hops: [{ ...first.hops[0], amountIn: 0n }, ...first.hops.slice(1)] }),
      snapshot,
    ],
    ['no minimum', withFirst({ minimumOut: 0n, oracleFloor: 0n }), snapshot],
    ['a minimum below the oracle', withFirst({ oracleFloor: first.minimumOut + 1n }), snapshot],
    ['a minimum above the quote', withFirst({ minimumOut: first.quotedOut + 1n }), snapshot],
    ['a pool that the router would not find', withFirst({ hops: [foreignHop, ...first.hops.slice(1)] }), snapshot],
    ['another chain', { ...plan, chainId: 1 }, snapshot],
    ['another account', { ...plan, account: router }, snapshot],
    ['a late deadline', { ...plan, deadline: plan.block.timestamp + 601 }, snapshot],
    ['a deadline that is over', { ...plan, deadline: plan.block.timestamp }, snapshot],
    ['an unknown balance', plan, changeTokens({ balance: unreadable })],
    ['an unknown allowance', plan, changeTokens({ routerAllowance: unreadable })],
    ['too small a balance', plan, changeTokens({ balance: { status: 'known', amount: 1n } })],
  ]
  test.each(cases)('error: UnencodablePlanError, %s', (_, wrongPlan, wrongSnapshot) => {
    expect(() => composeBundle({ plan: wrongPlan, snapshot: wrongSnapshot, deployment })).toThrow(UnencodablePlanError)
  })

  /** A case with a leg of each kind, to be put into a wrong order. */
  const findMixed = () =>
    findSample(
      planArbitrary,
      ({ plan: { legs } }) =>
        legs.some(({ paidFrom }) => paidFrom === 'native') &&
        legs.some(({ buy }) => buy === 'ETH') &&
        legs.some(({ hops }) =>
          hops.some((hop, i) => i > 0 && hop.tokenIn === weth && hop.pool.kind !== hops[i - 1]?.pool.kind),
        ),
    )

  test('error: UnencodablePlanError, a natively paid leg after another', () => {
    const mixed = findMixed()
    const [native, ...rest] = mixed.plan.legs
    const legs = [...rest, native] as unknown as RebalancePlan['legs']
    expect(() => compose({ ...mixed, plan: { ...mixed.plan, legs } })).toThrow(/native coin must come first/)
  })

  test('error: UnencodablePlanError, a hop that would spend ether which another leg bought', () => {
    const mixed = findMixed()
    const { legs } = mixed.plan
    const through = legs.filter(({ hops }) =>
      hops.some((hop, i) => i > 0 && hop.tokenIn === weth && hop.pool.kind !== hops[i - 1]?.pool.kind),
    )
    const buys = legs.filter(({ buy }) => buy === 'ETH')
    const wrong = [...buys, ...through] as unknown as RebalancePlan['legs']
    expect(() => compose({ ...mixed, plan: { ...mixed.plan, legs: wrong } })).toThrow(/left to be unwrapped/)
    const bytesOf = (part: readonly Leg[]) => {
      const given = part as unknown as RebalancePlan['legs']
      const sums = { spendings: sumSpendings(part), purchases: sumPurchases(part) } as unknown as RebalancePlan
      return compose({ ...mixed, plan: { ...mixed.plan, ...sums, legs: given } })
    }
    expect(listSwaps(decodeBundle(bytesOf([...through, ...buys]), deployment))).toHaveLength(wrong.length)
  })

  test('behaviour: the native coin is never approved nor sold as a token', () => {
    expect(compose(sample).approvals.every(({ to }) => to !== nativeAddress)).toBe(true)
  })
})
