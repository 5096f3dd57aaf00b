import fc from 'fast-check'
import {
  concatHex,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  parseAbi,
  parseAbiParameters,
  toFunctionSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { universalRouterAbi } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import type { Address, Hex } from '@/lib/core/units'
import { type PlanCase, planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { runs } from '@/lib/testing/runs'
import { UndecodableBundleError } from './canonical'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'
import { bundleCalls } from './hashBundle'

/**
 * What must hold of the bytes of every bundle, worked out here from plan, snapshot and deployment alone: none of the checks
 * that stand before a signature is asked.
 */

const { contracts } = deployment
const routers = [contracts.swapRouter02, contracts.universalRouter]
const maxima = [2n ** 256n - 1n, 2n ** 255n, 2n ** 160n - 1n]

type Given = PlanCase & { readonly bundle: Bundle; readonly decoded: DecodedBundle }

const plans = fc.oneof(planArbitrary, routerPlanArbitrary).map(({ plan, snapshot }): Given => {
  const bundle = composeBundle({ plan, snapshot, deployment })
  return { plan, snapshot, bundle, decoded: decodeBundle(bundle, deployment) }
})

function forEveryBundle(check: (given: Given) => void): void {
  fc.assert(fc.property(plans, check), { numRuns: runs(100) })
}

/** What leaves the account of each token, by the plan; the native coin under its pseudo-address. */
function spentOf({ plan }: Given): ReadonlyMap<Address, bigint> {
  return new Map(plan.spendings.map(({ token, amount }) => [token, amount]))
}

function heldOf({ snapshot }: Given, token: Address): bigint {
  const readings = snapshot.assets.flatMap(({ tokens }) => tokens)
  const reading = readings.find((each) => each.token.address === token)
  return reading?.balance.status === 'known' ? reading.balance.amount : 0n
}

test('property: A-01 only the account and its router are ever paid, and what is paid to the router leaves it again', () => {
  forEveryBundle(({ plan, decoded }) => {
    const left = new Set<Address>()
    for (const step of decoded.steps) {
      if (step.kind === 'payOut') {
        expect(step.recipient).toBe(plan.account)
        left.delete(step.fromWrapped ? contracts.wrappedNative : step.token)
      }
      if (step.kind === 'unwrap' && left.delete(contracts.wrappedNative)) left.add(nativeAddress)
      if (step.kind === 'wrap' && left.delete(nativeAddress)) left.add(contracts.wrappedNative)
      if (step.kind !== 'swap') continue
      if (step.paidFrom === 'router' && step.amountIn === 'rest') left.delete(step.tokenIn)
      expect([plan.account, decoded.router]).toContain(step.recipient)
      if (step.recipient === decoded.router) left.add(step.tokenOut)
    }
    expect([...left]).toEqual([])
  })
})

test('property: A-02 calls go to sold tokens, Permit2 and the router, to known functions, value to the router alone', () => {
  const approve = toFunctionSelector('approve(address,uint256)')
  const known = new Map<string, readonly Hex[]>([
    [contracts.permit2, [toFunctionSelector('approve(address,address,uint160,uint48)')]],
    [contracts.swapRouter02, [toFunctionSelector('multicall(uint256,bytes[])')]],
    [contracts.universalRouter, [toFunctionSelector('execute(bytes,bytes[],uint256)')]],
  ])
  forEveryBundle((given) => {
    const spent = spentOf(given)
    for (const { to, data, value } of bundleCalls(given.bundle)) {
      const allowed = known.get(to) ?? (spent.has(to) && to !== nativeAddress ? [approve] : [])
      expect(allowed).toContain(data.slice(0, 10))
      if (value > 0n) expect(routers).toContain(to)
      expect(value).toBeLessThanOrEqual(spent.get(nativeAddress) ?? 0n)
    }
  })
})

test('property: A-03 tokens are allowed to the router or Permit2, and Permit2 passes them on to its router alone', () => {
  forEveryBundle(({ decoded }) => {
    for (const { kind, spender } of decoded.approvals) {
      if (kind === 'permit2') expect(spender).toBe(contracts.universalRouter)
      else expect(spender).toBe(decoded.router === contracts.swapRouter02 ? decoded.router : contracts.permit2)
    }
  })
})

test('property: A-04 what is allowed is what is sold, no maximum, no more than is held', () => {
  forEveryBundle((given) => {
    const spent = spentOf(given)
    for (const { token, amount } of given.decoded.approvals) {
      expect([0n, spent.get(token)]).toContain(amount)
      expect(maxima).not.toContain(amount)
      expect(amount).toBeLessThanOrEqual(heldOf(given, token))
    }
  })
})

test('property: A-07 what the bytes ask for at least is not below what the oracle makes of what is sold', () => {
  forEveryBundle(({ plan, decoded }) => {
    const promised = new Map<Address, bigint>()
    const add = (token: Address, amount: bigint) => promised.set(token, (promised.get(token) ?? 0n) + amount)
    for (const step of decoded.steps) {
      if (step.kind === 'payOut') add(step.token, step.minimumOut)
      if (step.kind === 'swap' && step.recipient === plan.account) add(step.tokenOut, step.minimumOut)
    }
    for (const { token, oracleFloor, minimumOut } of plan.purchases) {
      expect(promised.get(token)).toBe(minimumOut)
      expect(promised.get(token) ?? 0n).toBeGreaterThanOrEqual(oracleFloor)
    }
  })
})

test('property: A-09 no token stands in the bytes but those of the plan, all of them listed', () => {
  const listed = deployment.assets.flatMap(({ tokens }) => tokens.map(({ address }) => address))
  forEveryBundle(({ plan, decoded }) => {
    const planned = plan.legs.flatMap(({ hops }) => hops.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]))
    const ends = [...plan.spendings, ...plan.purchases].map(({ token }) => token)
    const named = [
      ...decoded.approvals.map(({ token }) => token),
      ...decoded.steps.flatMap((step) => {
        if (step.kind === 'swap') return step.route.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut])
        return step.kind === 'pull' || step.kind === 'payOut' ? [step.token] : []
      }),
    ]
    for (const token of named) {
      expect([...planned, ...ends]).toContain(token)
      expect(listed).toContain(token)
    }
  })
})

test('property: A-14 no more leaves the account than the plan spends, nor than is held, and the reserve stays', () => {
  forEveryBundle((given) => {
    const { decoded, plan } = given
    const leaves = new Map<Address, bigint>([[nativeAddress, decoded.value]])
    const add = (token: Address, amount: bigint) => leaves.set(token, (leaves.get(token) ?? 0n) + amount)
    for (const step of decoded.steps) {
      if (step.kind === 'pull') add(step.token, step.amount)
      if (step.kind !== 'swap' || step.paidFrom !== 'token') continue
      expect(step.amountIn).not.toBe('rest')
      if (step.amountIn !== 'rest') add(step.tokenIn, step.amountIn)
    }
    for (const [token, amount] of leaves) {
      expect(amount).toBe(spentOf(given).get(token) ?? 0n)
      expect(amount).toBeLessThanOrEqual(heldOf(given, token))
    }
    if (decoded.value > 0n) {
      expect(heldOf(given, nativeAddress) - decoded.value).toBeGreaterThanOrEqual(plan.nativeReserve)
    }
  })
})

test('property: A-23 every bundle ends within ten minutes of the block that it was planned at', () => {
  forEveryBundle(({ decoded, snapshot }) => {
    expect(decoded.deadline).toBeGreaterThan(snapshot.block.timestamp)
    expect(decoded.deadline).toBeLessThanOrEqual(snapshot.block.timestamp + 600)
  })
})

describe('A-26: nobody takes a share', () => {
  const stranger: Address = '0x000000000000000000000000000000000000dEaD'
  const account: Address = '0x0000000000000000000000000000000000000001'
  const share = parseAbiParameters('address token, address recipient, uint256 share')

  test('property: neither a share, in two precisions, nor a transfer can stand between the commands of a bundle', () => {
    const command = fc.constantFrom<Hex[]>('0x05', '0x06', '0x07', '0x85', '0x86', '0x87')
    const recipient = fc.constantFrom(stranger, account)
    const draw = fc.record({ command, recipient, bips: fc.bigInt({ min: 0n, max: 10_000n }), place: fc.nat(30) })
    fc.assert(
      fc.property(routerPlanArbitrary, draw, ({ plan, snapshot }, { command: byte, bips, place, ...to }) => {
        const bundle = composeBundle({ plan, snapshot, deployment })
        const { args } = decodeFunctionData({ abi: universalRouterAbi, data: bundle.swap.data })
        const [commands, inputs, deadline] = args
        const at = place % (inputs.length + 1)
        const token = plan.purchases[0].token
        const input = encodeAbiParameters(share, [token, to.recipient, bips])
        const cut = 2 + 2 * at
        const bytes = concatHex([commands.slice(0, cut) as Hex, byte, `0x${commands.slice(cut)}`])
        const data = encodeFunctionData({
          abi: universalRouterAbi,
          functionName: 'execute',
          args: [bytes, [...inputs.slice(0, at), input, ...inputs.slice(at)], deadline],
        })
        const changed = { ...bundle, swap: { ...bundle.swap, data } }
        expect(() => decodeBundle(changed, deployment)).toThrow(UndecodableBundleError)
      }),
      { numRuns: runs(100) },
    )
  })

  test('property: nor one of SwapRouter02 between its calls', () => {
    const abi = parseAbi([
      'function multicall(uint256 deadline, bytes[] data) payable returns (bytes[] results)',
      'function sweepTokenWithFee(address token, uint256 minimum, uint256 feeBips, address feeRecipient) payable',
      'function unwrapWETH9WithFee(uint256 minimum, uint256 feeBips, address feeRecipient) payable',
    ])
    const fees = [
      encodeFunctionData({
        ...{ abi, functionName: 'sweepTokenWithFee' },
        args: [contracts.wrappedNative, 0n, 30n, stranger],
      }),
      encodeFunctionData({ abi, functionName: 'unwrapWETH9WithFee', args: [0n, 30n, stranger] }),
    ]
    fc.assert(
      fc.property(planArbitrary, fc.constantFrom(...fees), fc.nat(30), ({ plan, snapshot }, fee, place) => {
        const bundle = composeBundle({ plan, snapshot, deployment })
        const { args } = decodeFunctionData({ abi, data: bundle.swap.data })
        const [deadline, calls] = args as readonly [bigint, readonly Hex[]]
        const at = place % (calls.length + 1)
        const data = encodeFunctionData({
          abi,
          functionName: 'multicall',
          args: [deadline, [...calls.slice(0, at), fee, ...calls.slice(at)]],
        })
        const changed = { ...bundle, swap: { ...bundle.swap, data } }
        expect(() => decodeBundle(changed, deployment)).toThrow(UndecodableBundleError)
      }),
      { numRuns: runs(100) },
    )
  })
})
