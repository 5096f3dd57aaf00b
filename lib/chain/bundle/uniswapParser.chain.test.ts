import fc from 'fast-check'
import { concatHex, decodeFunctionData, encodeFunctionData, type Hex, numberToHex, slice, zeroAddress } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { universalRouterAbi } from '@/lib/chain/abis'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle, DecodedBundle, DecodedStep, DecodedSwap } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { type PlanCase, planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { patienceMs, runs } from '@/lib/testing/runs'
import {
  loadUniswapParser,
  type ParsedFunction,
  type ParsedRouterCall,
  type PlainValue,
  type UniswapParser,
} from '@/lib/testing/uniswapParser/readRouterCall'
import { UndecodableBundleError } from './canonical'
import { composeBundle } from './composeBundle'
import { decodeBundle } from './decodeBundle'

const { universalRouter, swapRouter02 } = deployment.contracts
const caller = '0x0000000000000000000000000000000000000001'
const routerItself = '0x0000000000000000000000000000000000000002'
const allHeld = 1n << 255n

let uniswap: UniswapParser
beforeAll(async () => {
  uniswap = await loadUniswapParser()
}, 300_000)

function compose({ plan, snapshot }: PlanCase): Bundle {
  return composeBundle({ plan, snapshot, deployment })
}

/** What our decoder reads, or nothing when it refuses the bytes. */
function decodeOrRefuse(bundle: Bundle): DecodedBundle | undefined {
  try {
    return decodeBundle(bundle, deployment)
  } catch (error) {
    if (error instanceof UndecodableBundleError) return undefined
    throw error
  }
}

type Args = Readonly<Record<string, PlainValue>>
const toParams = (args: Args): PlainValue => Object.entries(args).map(([name, value]) => ({ name, value }))
const toCommand = (commandName: string, commandType: bigint, args: Args): PlainValue => ({
  ...{ commandName, commandType },
  params: toParams(args),
})

/** What our decoder read in a call of the Universal Router, in the words of Uniswap's parser. */
function inTheirWords({ steps, deadline }: DecodedBundle, account: Address): ParsedRouterCall {
  const who = (recipient: Address) => {
    if (recipient === account) return caller
    return recipient === universalRouter ? routerItself : recipient
  }
  return { commands: steps.map((step) => wordStep(step, who)), deadline: BigInt(deadline) }
}

function wordStep(step: DecodedStep, who: (recipient: Address) => string): PlainValue {
  switch (step.kind) {
    case 'pull':
      return toCommand('PERMIT2_TRANSFER_FROM', 2n, { token: step.token, recipient: routerItself, amount: step.amount })
    case 'swap':
      return wordSwap(step, who(step.recipient))
    case 'wrap':
      return toCommand('WRAP_ETH', 11n, { recipient: routerItself, amount: allHeld })
    case 'unwrap':
      return toCommand('UNWRAP_WETH', 12n, { recipient: routerItself, amountMin: 0n })
    case 'payOut': {
      const [recipient, amountMin] = [who(step.recipient), step.minimumOut]
      return step.fromWrapped
        ? toCommand('UNWRAP_WETH', 12n, { recipient, amountMin })
        : toCommand('SWEEP', 4n, { token: toCurrency(step.token), recipient, amountMin })
    }
    case 'refund':
      throw new Error('The Universal Router has no refund.')
  }
}

const toCurrency = (token: Address) => (token === nativeAddress ? zeroAddress : token)

function wordSwap({ route, paidFrom, minimumOut, ...swap }: DecodedSwap, recipient: string): PlainValue {
  const [hop] = route
  if (hop === undefined || route.length > 1) throw new Error('A command of ours swaps in one pool.')
  const { tokenIn, tokenOut, venue } = hop
  const payerIsUser = paidFrom === 'token'
  const amountIn = swap.amountIn === 'rest' ? allHeld : swap.amountIn
  const amounts = { recipient, amountIn, amountOutMin: minimumOut }
  switch (venue.version) {
    case 'v2':
      return toCommand('V2_SWAP_EXACT_IN', 8n, { ...amounts, path: [tokenIn, tokenOut], payerIsUser })
    case 'v3': {
      const path = [{ tokenIn, tokenOut, fee: BigInt(venue.feePips) }]
      return toCommand('V3_SWAP_EXACT_IN', 0n, { ...amounts, path, payerIsUser })
    }
    case 'v4': {
      const [currencyIn, currencyOut] = [toCurrency(tokenIn), toCurrency(tokenOut)]
      const zeroForOne = BigInt(currencyIn) < BigInt(currencyOut)
      const poolKey = {
        currency0: zeroForOne ? currencyIn : currencyOut,
        currency1: zeroForOne ? currencyOut : currencyIn,
        fee: BigInt(venue.feePips),
        tickSpacing: BigInt(venue.tickSpacing),
        hooks: zeroAddress,
      }
      const sold = swap.amountIn === 'rest' ? 0n : swap.amountIn
      const exactIn = { poolKey, zeroForOne, amountIn: sold, amountOutMinimum: minimumOut, hookData: '0x' }
      const params = [
        { name: 'SETTLE', value: toParams({ currency: currencyIn, amount: amountIn, payerIsUser }) },
        { name: 'SWAP_EXACT_IN_SINGLE', value: toParams({ swap: exactIn }) },
        { name: 'TAKE', value: toParams({ currency: currencyOut, recipient, amount: 0n }) },
      ]
      return { commandName: 'V4_SWAP', commandType: 16n, params }
    }
  }
}

/** The names of all commands and v4 actions in what the parser gave, and those of their arguments. */
function listNames(value: PlainValue): readonly string[] {
  if (typeof value !== 'object') return []
  const names = 'commandName' in value ? [value.commandName] : 'name' in value ? [value.name] : []
  return [...names.filter((name) => typeof name === 'string'), ...Object.values(value).flatMap(listNames)]
}

const universalRouterWords = [
  ...['PERMIT2_TRANSFER_FROM', 'V2_SWAP_EXACT_IN', 'V3_SWAP_EXACT_IN', 'WRAP_ETH', 'UNWRAP_WETH', 'SWEEP'],
  ...['V4_SWAP', 'SETTLE', 'SWAP_EXACT_IN_SINGLE', 'TAKE'],
]

test(
  'property: Uniswap’s parser reads in our calls the commands and arguments that our decoder reads (A-10)',
  () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(routerPlanArbitrary, (given) => {
        const bundle = compose(given)
        const theirs = uniswap.readUniversalRouterCall(bundle.swap.data)
        expect(theirs).toEqual(inTheirWords(decodeBundle(bundle, deployment), given.plan.account))
        for (const name of listNames(theirs.commands)) seen.add(name)
      }),
      { numRuns: runs(1_000) },
    )
    expect([...seen]).toEqual(expect.arrayContaining(universalRouterWords))
  },
  patienceMs(240_000),
)

/** How the bytes of a call are changed: a bit, a word, or whole commands, which no bit or word can move about. */
type Change =
  | { readonly kind: 'bit'; readonly at: number; readonly bit: number }
  | { readonly kind: 'word'; readonly at: number; readonly word: Hex }
  | { readonly kind: 'leaveOut' | 'repeat'; readonly at: number }
  | { readonly kind: 'exchange'; readonly at: number; readonly with: number }
  | { readonly kind: 'command'; readonly at: number; readonly byte: number }

const at = fc.nat(1_000_000)
const telling = [0n, 1n, 2n, 3n, 32n, 100n, 500n, allHeld, 2n ** 256n - 1n].map((word) =>
  numberToHex(word, { size: 32 }),
)
const tokens = [...deployment.assets.map(({ poolToken }) => poolToken.address), nativeAddress, universalRouter]
const word = fc.oneof(
  fc.constantFrom(...telling, ...tokens.map((token) => numberToHex(BigInt(token), { size: 32 }))),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((number) => numberToHex(number, { size: 32 })),
  fc.bigInt({ min: 0n, max: 2n ** 100n }).map((number) => numberToHex(number, { size: 32 })),
)
const byteChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('bit'), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('word'), at, word }),
)
const commandChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('leaveOut', 'repeat'), at }),
  fc.record({ kind: fc.constant('exchange'), at, with: at }),
  fc.record({ kind: fc.constant('command'), at, byte: fc.nat(255) }),
)

const functionBytes = 4
const wordBytes = 32

function changeBytes(data: Hex, change: Extract<Change, { readonly kind: 'bit' | 'word' }>): Hex {
  const size = (data.length - 2) / 2
  const start =
    change.kind === 'bit'
      ? change.at % size
      : functionBytes + wordBytes * (change.at % Math.floor((size - functionBytes) / wordBytes))
  const piece =
    change.kind === 'word'
      ? change.word
      : numberToHex(Number(slice(data, start, start + 1)) ^ (1 << change.bit), { size: 1 })
  const end = 2 + 2 * start + piece.length - 2
  return `${data.slice(0, 2 + 2 * start)}${piece.slice(2)}${data.slice(end)}` as Hex
}

type CommandPart = { readonly byte: Hex; readonly input: Hex }

function changeList(
  commands: readonly CommandPart[],
  change: Exclude<Change, { readonly kind: 'bit' | 'word' }>,
): readonly CommandPart[] {
  const place = change.at % commands.length
  const [before, chosen, after] = [
    commands.slice(0, place),
    commands.slice(place, place + 1),
    commands.slice(place + 1),
  ]
  switch (change.kind) {
    case 'leaveOut':
      return [...before, ...after]
    case 'repeat':
      return [...before, ...chosen, ...chosen, ...after]
    case 'command':
      return [...before, ...chosen.map((each) => ({ ...each, byte: numberToHex(change.byte, { size: 1 }) })), ...after]
    case 'exchange': {
      const other = change.with % commands.length
      return commands.map((each, index) => {
        const from = index === place ? other : index === other ? place : index
        return commands[from] ?? each
      })
    }
  }
}

function changeCommands(data: Hex, change: Exclude<Change, { readonly kind: 'bit' | 'word' }>): Hex {
  const [bytes, inputs, deadline] = decodeFunctionData({ abi: universalRouterAbi, data }).args
  const commands = inputs.map((input, index) => ({ byte: slice(bytes, index, index + 1), input }))
  const changed = changeList(commands, change)
  const args = [concatHex(changed.map(({ byte }) => byte)), changed.map(({ input }) => input), deadline] as const
  return encodeFunctionData({ abi: universalRouterAbi, functionName: 'execute', args })
}

const applyChange = (data: Hex, change: Change): Hex =>
  change.kind === 'bit' || change.kind === 'word' ? changeBytes(data, change) : changeCommands(data, change)

test(
  'property: of changed calls too, what our decoder accepts Uniswap’s parser reads alike (A-10)',
  () => {
    const counts = { accepted: 0, refused: 0 }
    const someChanges = fc.array(fc.oneof({ weight: 2, arbitrary: byteChange }, commandChange), {
      ...{ minLength: 8, maxLength: 8 },
    })
    fc.assert(
      fc.property(routerPlanArbitrary, someChanges, (given, changes) => {
        const bundle = compose(given)
        for (const change of changes) {
          const data = applyChange(bundle.swap.data, change)
          const ours = decodeOrRefuse({ ...bundle, swap: { ...bundle.swap, data } })
          counts[ours === undefined ? 'refused' : 'accepted'] += 1
          if (ours === undefined) continue
          expect(uniswap.readUniversalRouterCall(data)).toEqual(inTheirWords(ours, given.plan.account))
        }
      }),
      { numRuns: runs(200) },
    )
    // Enough changed calls pass the decoder for the comparison to say something.
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(250)
  },
  patienceMs(240_000),
)

/** What our decoder read in a call of SwapRouter02, call for call as ethers names it. */
function inCalls({ steps }: DecodedBundle): readonly ParsedFunction[] {
  return steps.flatMap((step): readonly ParsedFunction[] => {
    switch (step.kind) {
      case 'swap':
        return toSwapCalls(step)
      case 'payOut':
        return [{ name: 'unwrapWETH9', args: [step.minimumOut, step.recipient] }]
      case 'refund':
        return [{ name: 'refundETH', args: [] }]
      default:
        throw new Error(`SwapRouter02 has no ${step.kind}.`)
    }
  })
}

type Route = DecodedSwap['route']

/** One call for each stretch of a path in pools of one version. */
function toSwapCalls({ route, amountIn, minimumOut, recipient }: DecodedSwap): readonly ParsedFunction[] {
  if (amountIn === 'rest') throw new Error('SwapRouter02 is told every amount.')
  const stretches: Route[] = []
  for (const hop of route) {
    const last = stretches.at(-1)
    if (last?.[0]?.venue.version === hop.venue.version) stretches[stretches.length - 1] = [...last, hop]
    else stretches.push([hop])
  }
  return stretches.map((hops, index) => {
    const isLast = index === stretches.length - 1
    return toSwapCall(hops, {
      ...{ sold: index === 0 ? amountIn : 0n, minimum: isLast ? minimumOut : 0n },
      recipient: isLast ? recipient : swapRouter02,
    })
  })
}

function toSwapCall(
  hops: Route,
  { sold, minimum, recipient }: { readonly sold: bigint; readonly minimum: bigint; readonly recipient: string },
): ParsedFunction {
  const [first, ...others] = hops
  if (first === undefined) throw new Error('A stretch has a pool.')
  const passed = [first.tokenIn, ...hops.map(({ tokenOut }) => tokenOut)]
  const fees = hops.map(({ venue }) => (venue.version === 'v3' ? venue.feePips : 0))
  if (first.venue.version === 'v2') {
    return { name: 'swapExactTokensForTokens', args: [sold, minimum, passed, recipient] }
  }
  if (others.length === 0) {
    const fee = BigInt(fees[0] ?? 0)
    return { name: 'exactInputSingle', args: [[first.tokenIn, first.tokenOut, fee, recipient, sold, minimum, 0n]] }
  }
  const packed = hops.flatMap(({ tokenOut }, index) => [numberToHex(fees[index] ?? 0, { size: 3 }), tokenOut])
  return { name: 'exactInput', args: [[concatHex([first.tokenIn, ...packed]).toLowerCase(), recipient, sold, minimum]] }
}

/** A multicall as ethers reads it, the router's names for caller and itself resolved as our decoder resolves them. */
function readMulticall(data: Hex, account: Address): { readonly deadline: PlainValue; readonly calls: unknown } {
  const { name, args } = uniswap.readSwapRouter02Call(data)
  const [deadline, parts] = args
  if (name !== 'multicall' || deadline === undefined || !Array.isArray(parts)) throw new Error(`It is ${name}.`)
  const resolve = (value: PlainValue): PlainValue => {
    if (typeof value !== 'string') return Array.isArray(value) ? value.map(resolve) : value
    return value === caller ? account : value === routerItself ? swapRouter02 : value
  }
  const calls = parts.map((part) => {
    const call = uniswap.readSwapRouter02Call(part)
    return { ...call, args: call.args.map(resolve) }
  })
  return { deadline, calls }
}

test(
  'property: ethers with Uniswap’s own ABI of SwapRouter02 reads what our decoder reads, in changed calls too (A-10)',
  () => {
    const counts = { accepted: 0, refused: 0 }
    const someChanges = fc.array(byteChange, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(planArbitrary, someChanges, (given, changes) => {
        const bundle = compose(given)
        const { account } = given.plan
        const { data } = bundle.swap
        const mutants = changes.map((change) => applyChange(data, change))
        for (const each of [data, ...mutants]) {
          const ours = decodeOrRefuse({ ...bundle, swap: { ...bundle.swap, data: each } })
          counts[ours === undefined ? 'refused' : 'accepted'] += 1
          if (ours === undefined) continue
          expect(readMulticall(each, account)).toEqual({ deadline: BigInt(ours.deadline), calls: inCalls(ours) })
        }
      }),
      { numRuns: runs(200) },
    )
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(250)
  },
  patienceMs(240_000),
)
