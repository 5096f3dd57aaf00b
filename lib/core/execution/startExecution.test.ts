import { expect, test } from 'vitest'
import type { Bundle, DecodedApproval } from '../bundle'
import { GrantOutsideBatchError, startExecution } from './startExecution'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const token = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const spender = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
const call = { to: token, data: '0x', value: 0n } as const
const bundle: Bundle = {
  ...{ chainId: 31337, account, approvals: [call, call], swap: call, deadline: 600 },
  hash: `0x${'11'.repeat(32)}`,
}
const erc20: DecodedApproval = { kind: 'erc20', token, spender, amount: 5n }
const reset: DecodedApproval = { ...erc20, amount: 0n }
const grant: DecodedApproval = { kind: 'permit2', token, spender: account, amount: 5n, expiration: 0 }

test('default', () => {
  const execution = startExecution({ id: 'one', rung: 'approveThenSwap', bundle, approvals: [reset, erc20] })
  expect(execution).toMatchObject({ id: 'one', account, bundleHash: bundle.hash, deadline: 600 })
  expect(execution.steps.map(({ kind }) => kind)).toEqual(['resetApproval', 'approval', 'swap'])
})

test('behaviour: a batch is one step, whatever it approves', () => {
  const execution = startExecution({ id: 'one', rung: 'atomicBatch', bundle, approvals: [erc20, grant] })
  expect(execution.steps.map(({ kind }) => kind)).toEqual(['batch'])
})

test('error: GrantOutsideBatchError, a grant that would be over before the swap', () => {
  const start = () => startExecution({ id: 'one', rung: 'approveThenSwap', bundle, approvals: [erc20, grant] })
  expect(start).toThrow(GrantOutsideBatchError)
})
