import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bands } from './bands'
import { CommandError } from './command'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function cli(input: unknown): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/run.mjs', 'cli/main.ts', 'bands', '-'],
      { cwd: root },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
    child.stdin?.end(JSON.stringify(input))
  })
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bands-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(content: unknown) {
  const path = join(folder, 'input.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return bands.run([path])
}

async function assetsOf(content: unknown) {
  const { output, exitCode } = await run(content)
  expect(exitCode).toBe(0)
  return JSON.parse(output).assets
}

const risky = { id: 'ETH', target: 0.5, volatility: 0.8, feeBps: 30 }
const still = { id: 'USDC', target: 0.5, volatility: 1e-9, feeBps: 30 }
const input = (more: object = {}) => ({
  portfolioUsd: 100_000,
  riskAversion: 2,
  gasUsd: 0.1,
  assets: [risky, still],
  correlation: [
    [1, 0],
    [0, 1],
  ],
  ...more,
})

describe('cli: bands', { timeout: 60_000 }, () => {
  test('default', async () => {
    // Weight 25 %, 70 % of tracking error, 0.3 %, gas of a millionth: the band of the policy's first vector.
    const quarter = { ...risky, target: 0.25, volatility: 0.7 / 0.75 }
    const assets = await assetsOf(input({ assets: [quarter, { ...still, target: 0.75 }] }))
    expect(assets).toHaveLength(2)
    expect(assets[0]).toMatchObject({ id: 'ETH', status: 'band' })
    expect(assets[0].trigger).toBeCloseTo(0.05, 4)
    expect(assets[0].destination).toBeCloseTo(0.0365, 4)
    expect(assets[0].lossBpsPerYear).toBeCloseTo(16.4, 1)
    expect(assets[0].rebalancesPerYear).toBeCloseTo(26.3, 1)
    expect(assets[0].turnoverPerYear).toBeCloseTo(0.354, 3)
  })

  test('behaviour: without gas the weight is traded to the edge, and how often has no number', async () => {
    const assets = await assetsOf(input({ gasUsd: 0 }))
    expect(assets[0].trigger).toBeCloseTo(0.052002, 6)
    expect(assets[0].destination).toBe(assets[0].trigger)
    expect(assets[0].rebalancesPerYear).toBeNull()
  })

  test('behaviour: a band wider than the target is a statement', async () => {
    const small = [
      { ...risky, target: 0.02 },
      { ...still, target: 0.98 },
    ]
    const assets = await assetsOf(input({ portfolioUsd: 100, assets: small }))
    expect(assets[0]).toMatchObject({
      status: 'widerThanTarget',
      statement: 'at this size, gas makes rebalancing this asset cost more than it brings',
    })
    expect(assets[0].trigger).toBeGreaterThan(0.02)
  })

  test('behaviour: a portfolio of one asset has no band', async () => {
    const assets = await assetsOf(input({ assets: [{ ...risky, target: 1 }], correlation: [[1]] }))
    expect(assets).toMatchObject([{ id: 'ETH', status: 'steady', trigger: null, destination: null }])
  })

  test.each<[string, unknown]>([
    ['is not JSON', '{'],
    ['input', 3],
    ['assets', input({ assets: [] })],
    ['assets[0].id', input({ assets: [{ ...risky, id: '' }, still] })],
    ['assets[1].id', input({ assets: [risky, { ...still, id: 'ETH' }] })],
    ['assets[0].target', input({ assets: [{ ...risky, target: -0.1 }, still] })],
    ['assets.target must sum to 1', input({ assets: [{ ...risky, target: 0.6 }, still] })],
    ['assets[1].volatility: USDC', input({ assets: [risky, { ...still, volatility: 0 }] })],
    ['assets[0].volatility', input({ assets: [{ ...risky, volatility: '80%' }, still] })],
    ['assets[0].feeBps', input({ assets: [{ ...risky, feeBps: -1 }, still] })],
    ['assets[1].feeBps', input({ assets: [risky, { ...still, feeBps: undefined }] })],
    ['gasUsd', input({ gasUsd: -1 })],
    ['portfolioUsd', input({ portfolioUsd: -100 })],
    ['riskAversion', input({ riskAversion: 0 })],
    ['correlation must have a row', input({ correlation: [[1]] })],
    [
      'correlation[1][0]',
      input({
        correlation: [
          [1, 0.5],
          [0.4, 1],
        ],
      }),
    ],
    [
      'correlation[1]: The covariance is not positive definite: USDC',
      input({
        correlation: [
          [1, 1],
          [1, 1],
        ],
      }),
    ],
  ])('error: CommandError names %s in one line', async (named, content) => {
    const refusal = await run(content).catch((error: unknown) => error)
    if (!(refusal instanceof CommandError)) throw new Error('accepted')
    expect(refusal.kind).toBe('input')
    expect(refusal.message).toContain(`input.json: ${named}`)
    expect(refusal.message).not.toContain('\n')
  })

  test.each([[[]], [['a', 'b']], [['--fast', 'a']]])('error: CommandError for %j', async (args) => {
    await expect(bands.run(args)).rejects.toMatchObject({ name: 'CommandError', kind: 'usage' })
  })

  test('behaviour: the command line prints one line, or says on the other stream what is wrong and exits with 2', async () => {
    const good = await cli(input())
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(good.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(good.stdout).assets).toHaveLength(2)
    const bad = await cli(input({ gasUsd: -1 }))
    expect(bad).toMatchObject({ code: 2, stdout: '', stderr: 'standard input: gasUsd must not be negative; got -1\n' })
  })
})
