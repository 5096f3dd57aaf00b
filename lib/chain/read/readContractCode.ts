import { keccak256 } from 'viem'
import type { Address, Hex } from '@/lib/core/units'
import { AppError } from '../appErrors'
import type { CheckedContract, Deployment } from '../deployments/deployment'
import {
  ask,
  call,
  decode,
  isFailureOfTheCall,
  type ReadContext,
  type RpcReader,
  toBytes,
  toReadError,
} from './readCalls'
import { wordAt } from './words'

/** A contract whose code on the chain is not the one that a deployment names. */
export type ForeignContract = {
  readonly contract: CheckedContract
  readonly address: Address
  readonly expected: Hex
  /** keccak256 of the code that stands there; missing where none does. */
  readonly actual: Hex | undefined
}

/** Contracts that are trusted with money or with reads are other ones than the product was built for (T-56). Nothing may be signed. */
export class ForeignContractsError extends AppError {
  override readonly name = 'ForeignContractsError'
  readonly failure = 'foreignContracts'
  constructor(
    readonly contracts: readonly ForeignContract[],
    options?: ErrorOptions,
  ) {
    const names = contracts.map(({ contract, address }) => `${contract} at ${address}`).join(', ')
    super(
      `The code of ${names} is not the known one. Check which network the endpoint is on; do not sign here.`,
      options,
    )
  }
}

const emptyCodeHash = keccak256('0x')
const gas = 1_000_000
const word = (value: number) => value.toString(16).padStart(4, '0')

/**
 * Encodes creation code that returns the hashes of the code at addresses, one word each after an empty one: what creation code
 * returns may not begin with any byte (EIP-3541).
 */
function encodeCodeHashes(addresses: readonly Address[]): Hex {
  // PUSH20 address EXTCODEHASH PUSH2 place MSTORE
  const hashes = addresses.map((address, index) => `73${address.slice(2).toLowerCase()}3f61${word((index + 1) * 32)}52`)
  return `0x${hashes.join('')}61${word((addresses.length + 1) * 32)}5ff3`
}

function toHash(bytes: Hex, index: number): Hex | undefined {
  const value = wordAt(bytes, index + 1)
  if (value === undefined) throw new RangeError('too short')
  const hash: Hex = `0x${value.toString(16).padStart(64, '0')}`
  return value === 0n || hash === emptyCodeHash ? undefined : hash
}

/** For a node that runs no creation code: the code itself, of each contract. */
async function readHashesOneByOne(
  client: RpcReader,
  context: ReadContext,
  addresses: readonly Address[],
): Promise<readonly (Hex | undefined)[]> {
  return Promise.all(
    addresses.map(async (address) => {
      const params = [address, 'latest'] as never
      const request = (options: { signal?: AbortSignal }) => client.request({ method: 'eth_getCode', params }, options)
      const code = toBytes(await ask(context, request))
      return code === '0x' ? undefined : keccak256(code)
    }),
  )
}

async function readHashes(
  client: RpcReader,
  context: ReadContext,
  addresses: readonly Address[],
): Promise<readonly (Hex | undefined)[]> {
  try {
    const bytes = await call(client, context, { data: encodeCodeHashes(addresses), gas, pin: 'latest' })
    return decode(bytes, (answer) => addresses.map((_, index) => toHash(answer, index)))
  } catch (error) {
    if (!isFailureOfTheCall(toReadError(error))) throw error
    return readHashesOneByOne(client, context, addresses)
  }
}

/** Where there is none, nothing is lost: every read is then made by itself (F-46). A foreign one could lie. */
const dispensable: ReadonlySet<CheckedContract> = new Set(['multicall3'])

/**
 * Compares the code of the contracts that everything rests on with the deployment's table, and says which differ. A missing Multicall3
 * is none of them.
 * @throws {AppError} when the node cannot be read.
 */
export async function readForeignContracts(
  client: RpcReader,
  deployment: Deployment,
  signal?: AbortSignal,
): Promise<readonly ForeignContract[]> {
  const { chainId, contracts, codeHashes } = deployment
  const expected = Object.entries(codeHashes) as [CheckedContract, Hex][]
  const addresses = expected.map(([contract]) => contracts[contract])
  const actual = await readHashes(client, { chainId, multicall3: undefined, signal }, addresses)
  return expected.flatMap(([contract, hash], index) => {
    const found = actual[index]
    const isFine = found === hash || (found === undefined && dispensable.has(contract))
    return isFine ? [] : { contract, address: contracts[contract], expected: hash, actual: found }
  })
}
