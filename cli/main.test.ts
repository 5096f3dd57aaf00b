import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPlanFile } from '@/lib/core/certificate/planFile'
import { toRoutingProblem } from '@/lib/core/routing/problem'
import { verifyRoutingSolution } from '@/lib/core/routing/verify'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function cli(args: readonly string[], input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/run.mjs', 'cli/main.ts', ...args],
      { cwd: root },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
    child.stdin?.end(input)
  })
}

const problem = {
  tokens: [
    { id: 'USD', price: 1, holding: 1000, lower: 0.5, upper: 0.5 },
    { id: 'ETH', price: 2000, holding: 0, lower: 0.5, upper: 0.5 },
  ],
  pools: [
    { id: 'P', kind: 'constantProduct', tokens: ['USD', 'ETH'], reserves: [2e6, 1e3], fee: 0.003, gasCost: 0 },
    {
      id: 'Q',
      kind: 'concentrated',
      tokens: ['ETH', 'USD'],
      fee: 0.0005,
      gasCost: 0,
      sqrtPrice: Math.sqrt(2000),
      ranges: [{ lower: 40, upper: 50, liquidity: 500 }],
    },
  ],
  maxPoolCalls: 2,
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'routing-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('cli', { timeout: 60_000 }, () => {
  test('default', async () => {
    const run = await cli(['solve', await file('problem.json', problem)])
    expect(run.code).toBe(0)
    const { milliseconds, ...solution } = JSON.parse(run.stdout)
    expect(solution).toMatchObject({ status: 'solved', valueBefore: 1000, gasCost: 0 })
    expect(milliseconds).toBeGreaterThan(0)
    expect(verifyRoutingSolution(toRoutingProblem(problem), solution)).toEqual({ status: 'ok' })
  })

  test('behaviour: - reads standard input', async () => {
    const run = await cli(['solve', '-'], JSON.stringify(problem))
    expect(run.code).toBe(0)
    expect(JSON.parse(run.stdout).status).toBe('solved')
  })

  test('behaviour: a target out of reach is an answer', async () => {
    const run = await cli(['solve', '-'], JSON.stringify({ ...problem, maxPoolCalls: 0 }))
    expect(run.code).toBe(0)
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'unreachable', bound: null, gapBps: null, trades: [] })
  })

  test('behaviour: --help', async () => {
    const run = await cli(['--help'])
    expect(run.code).toBe(0)
    expect(run.stdout).toContain('solve')
    expect(run.stdout).toContain('verify')
  })

  test.each<[string, unknown, string]>([
    ['a field out of range', { ...problem, maxPoolCalls: -1 }, 'maxPoolCalls'],
    ['a missing field', { tokens: problem.tokens }, 'pools'],
    ['text that is not JSON', '{ "tokens": [\n', 'JSON'],
    ['nothing', '', 'JSON'],
  ])('error: CommandError for %s is one line and exit 2', async (_, content, named) => {
    const run = await cli(['solve', await file('bad.json', content)])
    expect(run.code).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(run.stderr).toContain(named)
  })

  test('error: CommandError for a file that is not there', async () => {
    const run = await cli(['solve', join(folder, 'none.json')])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^\S*none\.json: cannot be read .*\n$/)
  })

  test.each([
    [[]],
    [['sovle']],
    [['solve']],
    [['solve', 'a', 'b']],
    [['solve', '--fast', 'a']],
    [['verify']],
    [['verify', 'a', 'b', 'c']],
    [['verify', '-', '-']],
    [['verify', '--plan-file', 'a']],
  ])('error: CommandError and the usage for %j', async (args) => {
    const run = await cli(args)
    expect(run.code).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain('Usage:')
  })
})

describe('cli: plan files', { timeout: 60_000 }, () => {
  let planFile: string
  beforeAll(async () => {
    const run = await cli(['solve', await file('problem.json', problem), '--plan-file'])
    expect(run.code).toBe(0)
    planFile = run.stdout
  })

  test('default', async () => {
    expect(toPlanFile(JSON.parse(planFile))).toMatchObject({ problem, plan: { status: 'solved' } })
    const run = await cli(['verify', await file('plan.json', planFile)])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(1)
    const { value, bound } = JSON.parse(planFile).plan
    const verdict = JSON.parse(run.stdout)
    expect(verdict).toMatchObject({ status: 'verified', valueBefore: 1000, gasCost: 0, violations: [] })
    expect(verdict.value).toBeCloseTo(value, 6)
    expect(verdict.bound).toBeCloseTo(bound, 6)
    expect(verdict.poolUse.map(({ pool }: { pool: string }) => pool)).toEqual(['P', 'Q'])
  })

  test('behaviour: verify takes a problem and what solve printed for it', async () => {
    const path = await file('problem.json', problem)
    const { stdout } = await cli(['solve', path])
    const run = await cli(['verify', path, '-'], stdout)
    expect(run.code).toBe(0)
    expect(JSON.parse(run.stdout).status).toBe('verified')
  })

  test('behaviour: solve takes a plan file for its problem', async () => {
    const run = await cli(['solve', '-'], planFile)
    expect(run.code).toBe(0)
    const { milliseconds, ...solution } = JSON.parse(run.stdout)
    expect(solution).toEqual(JSON.parse(planFile).plan)
  })

  test('behaviour: what is not so is named and exits 1', async () => {
    const { plan, ...rest } = JSON.parse(planFile)
    const run = await cli(['verify', '-'], JSON.stringify({ ...rest, plan: { ...plan, value: plan.value + 1 } }))
    expect(run.code).toBe(1)
    const { status, violations } = JSON.parse(run.stdout)
    expect(status).toBe('violated')
    expect(violations).toContainEqual(
      expect.objectContaining({ kind: 'wrongValue', field: 'plan.value', said: plan.value + 1 }),
    )
  })

  test.each<[string, (valid: { plan: object }) => unknown, string]>([
    ['a field that is missing', ({ plan: _, ...rest }) => rest, 'plan must be an object'],
    ['a figure that is none', (valid) => ({ ...valid, plan: { ...valid.plan, bound: '1' } }), 'plan.bound'],
    ['a problem that is none', (valid) => ({ ...valid, problem: { ...problem, tokens: {} } }), 'problem.tokens'],
    ['another format', () => problem, 'format'],
    ['a list', () => [], 'file must be an object'],
    ['what is nested without end', () => `${'['.repeat(1e5)}${']'.repeat(1e5)}`, 'nested'],
  ])('error: CommandError for %s is one line and exit 2', async (_, toJson, named) => {
    const run = await cli(['verify', await file('bad.json', toJson(JSON.parse(planFile)))])
    expect(run.code).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(run.stderr).toContain(named)
  })
})
