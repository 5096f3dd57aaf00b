import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What ships, without the demo wallet: that one answers requests. */
function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => relative(root, join(root, folder, name)).replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^lib\/testing\/|\/demoWallet\.ts$/.test(path))
}

const sources = ['app', 'components', 'lib'].flatMap(listSources).map((path) => {
  return { path, text: readFileSync(join(root, path), 'utf8') }
})

const asked = [
  ...['eth_requestAccounts', 'eth_accounts', 'eth_chainId', 'eth_sendTransaction'],
  ...['wallet_switchEthereumChain', 'wallet_addEthereumChain', 'wallet_requestPermissions'],
  ...['wallet_revokePermissions', 'wallet_getCapabilities', 'wallet_sendCalls', 'wallet_getCallsStatus'],
]
const readOnly = /^eth_(get[A-Z]\w+|call|blockNumber|gasPrice|estimateGas|feeHistory|simulateV1|maxPriorityFeePerGas)$/

test('default: A-27 what ships names no other methods than those that are announced, and reading ones', () => {
  const strange = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<!startsWith\()['"`]((?:eth|wallet|personal|anvil|evm)_[A-Za-z]\w*)['"`]/g)]
      .map(([, method]) => method ?? '')
      .filter((method) => !asked.includes(method) && !readOnly.test(method))
      .map((method) => `${path}: ${method}`),
  )
  expect(strange).toEqual([])
  expect(sources.some(({ text }) => text.includes("'wallet_sendCalls'"))).toBe(true)
})

test('behaviour: A-27 nothing that ships asks for a signature of a message', () => {
  const signs = /\b(personal_sign|eth_sign\w*|sign(Message|TypedData|Transaction|Authorization)|useSign\w+)\b/
  expect(sources.filter(({ text }) => signs.test(text)).map(({ path }) => path)).toEqual([])
})
