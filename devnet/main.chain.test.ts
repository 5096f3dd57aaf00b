import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { sendRpc } from './rpc'

const project = fileURLToPath(new URL('..', import.meta.url))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function run(file: string, ...args: string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', file, ...args], { cwd: project })
  started.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const printed = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => stdout.includes('\n') && resolve(stdout))
    child.once('close', () => reject(new Error(stderr)))
  })
  printed.catch(() => undefined)
  return { child, ended, printed, output: () => ({ stdout, stderr }) }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilSilent(rpcUrl: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const answers = await sendRpc(rpcUrl, 'eth_chainId', []).then(
      () => true,
      () => false,
    )
    if (!answers) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${rpcUrl} still answers.`)
}

test('default', async () => {
  const port = await freePort()
  const rpcUrl = `http://127.0.0.1:${port}`
  const chain = run('devnet/main.ts', '--rpc-port', String(port), '--chain-id', '31999', '--seed', '3')
  expect(await chain.printed).toBe(`Local chain at ${rpcUrl} (chain 31999)\n`)

  const busy = run('devnet/main.ts', '--rpc-port', String(port))
  expect(await busy.ended).toBe(1)
  expect(busy.output().stderr).toMatch(new RegExp(`^Port ${port} is busy: .*\n$`))

  const market = run('devnet/market/main.ts', '--steps', '2', '--seed', '7', '--rpc-url', rpcUrl)
  expect(await market.ended).toBe(0)
  expect(market.output().stdout.trim().split('\n')).toHaveLength(2)
  expect(market.output().stdout).toMatch(/^ +1 {2}ETH 1999\.89 .* swaps\n/)

  chain.child.kill('SIGTERM')
  expect(await chain.ended).toBe(0)
  await untilSilent(rpcUrl)
})

test('behaviour: nothing is left when the process is killed outright', async () => {
  const port = await freePort()
  const chain = run('devnet/main.ts', '--rpc-port', String(port))
  await chain.printed
  chain.child.kill('SIGKILL')
  await untilSilent(`http://127.0.0.1:${port}`)
})

test('behaviour: a wrong flag is one line and exit code 1', async () => {
  const wrong = [
    ['devnet/main.ts', '--foo'],
    ['devnet/main.ts', '--chain-id', 'x'],
    ['devnet/market/main.ts', '--steps', '0'],
    ['devnet/market/main.ts', '--rpc-url', 'http://127.0.0.1:1'],
  ] as const
  for (const [file, ...args] of wrong) {
    const command = run(file, ...args)
    expect(await command.ended).toBe(1)
    expect(command.output().stderr.trim().split('\n')).toHaveLength(1)
    expect(command.output().stdout).toBe('')
  }
})
