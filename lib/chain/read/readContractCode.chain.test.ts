import { QueryClient } from '@tanstack/react-query'
import { keccak256 } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import type { Hex } from '@/lib/core/units'
import { assertKnownContracts } from '@/lib/query/contractCodeQuery'
import { revertingCode } from '@/lib/testing/answeringCode'
import { RpcUnreachableError } from '../appErrors'
import { type ChainClient, createChainClient } from '../client'
import type { CheckedContract } from '../deployments/deployment'
import { localDeployment } from '../deployments/local'
import type { RpcCall } from '../rpc/rpcCall'
import type { RpcReader } from './readCalls'
import { ForeignContractsError, readForeignContracts } from './readContractCode'

let devnet: Devnet
let client: ChainClient
let clean: Hex

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl], retryCount: 0 })
})
afterAll(() => devnet?.stop())
beforeEach(async () => {
  clean = await devnet.client.snapshot()
})
afterEach(async () => {
  await devnet.client.revert({ id: clean })
})

const names = Object.keys(localDeployment.codeHashes) as CheckedContract[]
const { contracts, codeHashes } = localDeployment

describe('T-56: the code of the contracts', () => {
  test('default: the table is what the local chain installs', async () => {
    for (const name of names) {
      const code = await devnet.client.getCode({ address: contracts[name] })
      expect(keccak256(code ?? '0x'), name).toBe(codeHashes[name])
    }
    expect(await readForeignContracts(client, localDeployment)).toEqual([])
  })

  test.each(names)('behaviour: F-33: %s replaced, or gone', async (contract) => {
    const address = contracts[contract]
    const expected = codeHashes[contract]
    await devnet.client.setCode({ address, bytecode: revertingCode })
    const actual = keccak256(revertingCode)
    expect(await readForeignContracts(client, localDeployment)).toEqual([{ contract, address, expected, actual }])
    await devnet.client.setCode({ address, bytecode: '0x' })
    const gone = await readForeignContracts(client, localDeployment)
    // F-46: without Multicall3 every read is made by itself.
    expect(gone).toEqual(contract === 'multicall3' ? [] : [{ contract, address, expected, actual: undefined }])
  })

  test('behaviour: a node that runs no creation code is asked for the code itself', async () => {
    const request = (async (args: RpcCall) => {
      if (args.method === 'eth_call') throw Object.assign(new Error('to is required'), { code: -32_602 })
      return client.request(args as never)
    }) as RpcReader['request']
    expect(await readForeignContracts({ request }, localDeployment)).toEqual([])
    await devnet.client.setCode({ address: contracts.permit2, bytecode: revertingCode })
    expect(await readForeignContracts({ request }, localDeployment)).toMatchObject([{ contract: 'permit2' }])
  })

  test('error: ForeignContractsError: F-33: code that is replaced in the middle of a session', async () => {
    const queries = new QueryClient()
    const request = { deployment: localDeployment, client }
    await assertKnownContracts(queries, request)
    await devnet.client.setCode({ address: contracts.swapRouter02, bytecode: revertingCode })
    await assertKnownContracts(queries, request)
    const looking = assertKnownContracts(queries, request, 0)
    await expect(looking).rejects.toBeInstanceOf(ForeignContractsError)
    await expect(looking).rejects.toMatchObject({
      failure: 'foreignContracts',
      contracts: [{ contract: 'swapRouter02', address: contracts.swapRouter02 }],
    })
    await expect(assertKnownContracts(queries, request)).rejects.toBeInstanceOf(ForeignContractsError)
  })

  test('error: RpcUnreachableError: nothing is taken for known when nobody answers', async () => {
    const nobody = createChainClient({ deployment: localDeployment, rpcUrls: ['http://127.0.0.1:1'], retryCount: 0 })
    await expect(readForeignContracts(nobody, localDeployment)).rejects.toBeInstanceOf(RpcUnreachableError)
  })
})
