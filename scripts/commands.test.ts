import { spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = dirname(fileURLToPath(import.meta.url))

function run(
  script: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, script), ...args])
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk
    })
    child.once('close', (code) => resolve({ code, ...said }))
  })
}

const oneLine = /^[^\n]+\n$/

describe.each(['demo.mjs', 'test.mjs', 'build.mjs', 'serve.mjs', 'fuzz.mjs'])('%s', (script) => {
  test('behaviour: tells what it takes', async () => {
    const { code, stdout, stderr } = await run(script, ['--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('--help')
  })

  test('error: one line for an unknown flag', async () => {
    const { code, stdout, stderr } = await run(script, ['--prot', '3000'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(oneLine)
    expect(stderr).toContain('"--prot"')
  })
})

describe('demo.mjs', () => {
  test.each([
    ['--port', '127.0.0.1'],
    ['--rpc-port', '127.0.0.1'],
    ['--port', '0.0.0.0'],
  ])('error: one line for a busy port in %s on %s', async (flag, host) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    const { port } = server.address() as AddressInfo
    const others = flag === '--port' ? ['--rpc-port', '1'] : ['--port', String(await freePort())]
    const { code, stdout, stderr } = await run('demo.mjs', [flag, String(port), ...others])
    await new Promise((resolve) => server.close(resolve))
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe(`Port ${port} is in use. Stop what listens there, or choose another with ${flag}.\n`)
  })

  test('error: one line for one port twice', async () => {
    const { code, stderr } = await run('demo.mjs', ['--port', '4000', '--rpc-port', '4000'])
    expect(code).toBe(1)
    expect(stderr).toMatch(oneLine)
  })
})

test('error: test.mjs has one line for an unknown stage', async () => {
  const { code, stderr } = await run('test.mjs', ['--only', 'unit,ui'])
  expect(code).toBe(1)
  expect(stderr).toMatch(oneLine)
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
