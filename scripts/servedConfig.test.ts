import { expect, test } from 'vitest'
import { toServedConfig } from './servedConfig.mjs'
import { StopLine } from './stopLine.mjs'

test('default', () => {
  const config = { version: 1, chains: [{ chainId: 1, rpcUrls: ['https://rpc.example'] }] }
  expect(toServedConfig(config, 'file.json')).toBe(config)
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['no chains', { version: 1 }],
  ['no endpoints', { chains: [{ chainId: 1, rpcUrls: [] }] }],
  ['an endpoint that is no address', { chains: [{ chainId: 1, rpcUrls: ['rpc.example'] }] }],
  ['an endpoint that would end the policy', { chains: [{ chainId: 1, rpcUrls: ["'none'; script-src *"] }] }],
  ['a WebSocket endpoint', { chains: [{ chainId: 1, rpcUrls: ['wss://rpc.example'] }] }],
])('error: StopLine for %s, naming the file', (_, config) => {
  expect(() => toServedConfig(config, 'file.json')).toThrow(StopLine)
  expect(() => toServedConfig(config, 'file.json')).toThrow(/^file\.json: [^\n]+$/)
})
