import { expect, test } from 'vitest'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { composeRevoke } from './composeRevoke'
import { decodeBundle } from './decodeBundle'

const { permit2, swapRouter02, universalRouter, wrappedNative: token } = deployment.contracts

test.each([
  ['erc20', swapRouter02, token],
  ['erc20', permit2, token],
  ['permit2', universalRouter, permit2],
] as const)('behaviour: an allowance of kind %s to %s ends where it is kept', (kind, spender, to) => {
  const call = composeRevoke({ kind, token, spender }, deployment)
  expect({ to: call.to, value: call.value }).toEqual({ to, value: 0n })
  expect(call.data.slice(0, 10)).toBe(kind === 'erc20' ? '0x095ea7b3' : '0x87517c45')
  expect(BigInt(`0x${call.data.slice(kind === 'erc20' ? 74 : 138)}`)).toBe(0n)
  expect(() => decodeBundle({ account: token, approvals: [call], swap: call }, deployment)).toThrow()
})
