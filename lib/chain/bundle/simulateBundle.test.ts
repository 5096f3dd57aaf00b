import { createClient, custom, encodeErrorResult, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { simulateBundle } from './simulateBundle'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const bundle = {
  account,
  approvals: [],
  swap: { to: deployment.contracts.swapRouter02, data: '0x', value: 0n },
} as const
const snapshot = { block: { number: 5n, timestamp: 1_000 } }

function clientThat(answer: (method: string) => unknown) {
  const request = async ({ method }: { method: string }) => answer(method)
  return createClient({ transport: custom({ request }, { retryCount: 0 }) })
}

function refuse(code: number, message: string) {
  return () => {
    throw Object.assign(new Error(message), { code })
  }
}

const answered = { status: '0x1', returnData: '0x', gasUsed: '0x1', logs: [] }

test.each([
  ['a node without the method', refuse(-32601, 'the method eth_simulateV1 does not exist')],
  ['a node that does not offer it', refuse(-32004, 'method not supported')],
  ['an answer that is none', () => 'nonsense'],
  ['an answer that lacks calls', () => [{ calls: [] }]],
  ['F-46: a chain without Multicall3', () => [{ calls: [answered] }, { calls: [answered, answered] }]],
])('behaviour: %s is unavailable', async (_, answer) => {
  const simulation = await simulateBundle(clientThat(answer), { bundle, snapshot, deployment })
  expect(simulation.status).toBe('unavailable')
})

test('behaviour: through the Universal Router approvals and swap share a block, through SwapRouter02 they do not', async () => {
  const asked: unknown[] = []
  const client = createClient({
    transport: custom(
      { request: async ({ params }: { params: unknown }) => void asked.push(params) },
      { retryCount: 0 },
    ),
  })
  const approval = { to: deployment.contracts.wrappedNative, data: '0x095ea7b3', value: 0n } as const
  for (const to of [deployment.contracts.swapRouter02, deployment.contracts.universalRouter]) {
    const through = { ...bundle, approvals: [approval], swap: { ...bundle.swap, to } }
    await simulateBundle(client, { bundle: through, snapshot, deployment })
  }
  expect(asked).toMatchObject([
    [{ blockStateCalls: [{ calls: [{}, { data: '0x095ea7b3' }] }, { calls: [{}, {}] }] }, '0x5'],
    [{ blockStateCalls: [{ calls: [{}, { data: '0x095ea7b3' }, {}, {}] }] }, '0x5'],
  ])
})

test('behaviour: a reason is taken from the error where nodes put it', async () => {
  const data = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['STF'] })
  const ok = { status: '0x1', returnData: '0x', gasUsed: '0x1', logs: [] }
  const failed = { status: '0x0', returnData: '0x', gasUsed: '0x1', error: { code: 3, message: 'reverted', data } }
  const client = clientThat(() => [{ calls: [ok] }, { calls: [failed, ok] }])
  const simulation = await simulateBundle(client, { bundle, snapshot, deployment })
  expect(simulation).toEqual({ status: 'reverted', callIndex: 0, reason: 'STF', failure: 'balanceChanged' })
})

test('error: RpcUnreachableError when no node answers', async () => {
  const client = clientThat(refuse(-32005, 'limit exceeded'))
  await expect(simulateBundle(client, { bundle, snapshot, deployment })).rejects.toMatchObject({
    failure: 'unreachable',
  })
})
