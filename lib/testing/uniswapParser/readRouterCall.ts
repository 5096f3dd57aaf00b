import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Hex } from '@/lib/core/units'
import { ensureUniswapParser } from './install.mjs'

/** What a foreign parser says, in plain values: all numbers are bigints, structs of ethers lists. */
export type PlainValue = bigint | boolean | string | readonly PlainValue[] | { readonly [name: string]: PlainValue }

/** A call of the Universal Router in the words of Uniswap's parser. */
export type ParsedRouterCall = { readonly commands: PlainValue; readonly deadline: PlainValue }

/** A call of any contract: the function, and its arguments in order. */
export type ParsedFunction = { readonly name: string; readonly args: readonly PlainValue[] }

/** As far as it is used: @ethersproject/abi. */
type Interface = { parseTransaction(call: { data: Hex }): { readonly name: string; readonly args: readonly unknown[] } }

/** As far as it is used: @uniswap/universal-router-sdk, src/utils/commandParser.ts. */
type CommandParser = { readonly INTERFACE: Interface; parseCalldata(data: Hex): { readonly commands: unknown } }

export type UniswapParser = {
  /** Uniswap's own reader of Universal Router 2.0 calls. */
  readonly readUniversalRouterCall: (data: Hex) => ParsedRouterCall
  /** ethers with the ABI that Uniswap publishes for SwapRouter02, which has no reader of its own. */
  readonly readSwapRouter02Call: (data: Hex) => ParsedFunction
}

/** Loads the code of others that reads router calls. Installs it when it is not there. */
export async function loadUniswapParser(): Promise<UniswapParser> {
  const packages = await ensureUniswapParser()
  const require = createRequire(import.meta.url)
  const load = (...path: readonly string[]): unknown => require(join(packages, ...path))
  const utils = ['@uniswap', 'universal-router-sdk', 'dist', 'cjs', 'src', 'utils']
  const { CommandParser: parser } = load(...utils, 'commandParser.js') as { readonly CommandParser: CommandParser }
  const { Interface } = load('@ethersproject', 'abi') as { readonly Interface: new (abi: unknown) => Interface }
  const router = ['@uniswap', 'swap-router-contracts', 'artifacts', 'contracts', 'SwapRouter02.sol']
  const { abi } = load(...router, 'SwapRouter02.json') as { readonly abi: unknown }
  const swapRouter02 = new Interface(abi)
  return {
    readUniversalRouterCall: (data) => ({
      commands: toPlain(parser.parseCalldata(data).commands),
      deadline: toPlain(parser.INTERFACE.parseTransaction({ data }).args[2]),
    }),
    readSwapRouter02Call: (data) => {
      const { name, args } = swapRouter02.parseTransaction({ data })
      return { name, args: args.map(toPlain) }
    },
  }
}

/** ethers gives small numbers as numbers, large ones as objects of its own, lists and structs as arrays. */
function toPlain(value: unknown): PlainValue {
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return BigInt(value)
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) throw new Error(`The parser gave ${typeof value}.`)
  if ('_isBigNumber' in value) return BigInt(value.toString())
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toPlain(each)]))
}
