import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DevnetInstallError, ensureDevnet } from './install.mjs'
import { contractPackages } from './packages.mjs'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-install-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true, force: true })
})

test('default', () => {
  for (const { name, integrity, artifacts } of contractPackages) {
    expect(integrity, name).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
    expect(artifacts.length, name).toBeGreaterThan(0)
  }
})

test('error: DevnetInstallError', async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1')
  vi.stubEnv('npm_config_cache', join(directory, 'npm'))
  vi.stubEnv('npm_config_fetch_retries', '0')
  const lines: string[] = []
  const failure = await ensureDevnet({ cacheDirectory: directory, log: (line) => lines.push(line) }).catch(
    (error) => error,
  )
  expect(failure).toBeInstanceOf(DevnetInstallError)
  expect(failure.message).toMatch(/check the network and try again\.$/)
  expect(failure.message).not.toContain('\n')
  expect(lines).toEqual([expect.stringMatching(/^Fetching Anvil/)])
  expect((await readdir(directory)).filter((name) => name !== 'npm')).toEqual([])
})
