import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * Each wall is shown to stand: files that break it are laid out in a folder of their own, under the project's real
 * settings, and the tool has to name exactly those files.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tool = (...path: string[]) => join(root, 'node_modules', ...path)

function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'walls-'))
  const settings = ['biome.json', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json', '.gitignore']
  for (const name of [...settings, 'lib/core/tsconfig.json']) cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function run(folder: string, script: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

const timeoutMs = 60_000

describe('lint', () => {
  /** Name of the file, the rule that must refuse it, its text. */
  const violations: readonly (readonly [string, string, string])[] = [
    [
      'lib/core/cycleA.ts',
      'lint/suspicious/noImportCycles',
      "import { b } from './cycleB'\n\nexport const a = () => b\n",
    ],
    [
      'lib/core/cycleB.ts',
      'lint/suspicious/noImportCycles',
      "import { a } from './cycleA'\n\nexport const b = () => a\n",
    ],
    ['lib/core/barrel.ts', 'lint/performance/noBarrelFile', "export { clean } from './clean'\n"],
    ['lib/core/starBarrel.ts', 'lint/performance/noReExportAll', "export * from './clean'\n"],
    ['lib/core/loose.ts', 'lint/suspicious/noExplicitAny', 'export const loose = (value: any) => value.field\n'],
    [
      'lib/core/asserted.ts',
      'lint/style/noNonNullAssertion',
      'export const first = (list: string[]) => list[0]!.length\n',
    ],
    ['lib/chain/noisy.ts', 'lint/suspicious/noConsole', "export const shout = () => console.log('now')\n"],
    ['lib/chain/nameless.ts', 'lint/style/noDefaultExport', 'export default function nameless() {}\n'],
    [
      'components/Nameless.tsx',
      'lint/style/noDefaultExport',
      'export default function Nameless() {\n  return null\n}\n',
    ],
    [
      'lib/core/typeAsValue.ts',
      'lint/style/useImportType',
      "import { Clean } from './clean'\n\nexport const same = (value: Clean) => value\n",
    ],
    [
      'components/Html.tsx',
      'lint/security/noDangerouslySetInnerHtml',
      'export const Html = ({ text }: { text: string }) => <div dangerouslySetInnerHTML={{ __html: text }} />\n',
    ],
    [
      'lib/core/unusedImport.ts',
      'lint/correctness/noUnusedImports',
      "import { clean } from './clean'\n\nexport const one = 1\n",
    ],
    [
      'lib/core/unusedName.ts',
      'lint/correctness/noUnusedVariables',
      'export function one() {\n  const two = 2\n  return 1\n}\n',
    ],
    ['lib/core/wordy.ts', 'lint/style/useTemplate', "export const greet = (name: string) => 'hello ' + name\n"],
    ['lib/core/untidy.ts', 'format', 'export const untidy = "double";\n'],
    [
      'lib/hooks/useSometimes.ts',
      'lint/correctness/useHookAtTopLevel',
      "import { useState } from 'react'\n\nexport function useSometimes(yes: boolean) {\n  if (yes) return useState(0)\n  return undefined\n}\n",
    ],
  ]
  const cleanFiles = {
    'lib/core/clean.ts':
      'export type Clean = { readonly value: string }\n\nexport const clean: Clean = { value: "" }\n'.replace(
        '""',
        "''",
      ),
    'app/page.tsx': 'export default function Page() {\n  return <main>Clean</main>\n}\n',
    'cli/main.ts': "console.log('a command line may speak')\n",
    'example.config.ts': 'export default { clean: true }\n',
  }
  let folder = ''
  let found: ReadonlySet<string>

  beforeAll(() => {
    folder = makeProject({ ...cleanFiles, ...Object.fromEntries(violations.map(([name, , text]) => [name, text])) })
    const biome = tool('@biomejs', 'biome', 'bin', 'biome')
    const { stdout } = run(folder, biome, [
      'ci',
      '--error-on-warnings',
      '--colors=off',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ])
    const report: {
      diagnostics: { category: string; severity: string; location: { path: string | { file: string } } }[]
    } = JSON.parse(stdout)
    const failing = report.diagnostics.filter(({ severity }) => severity !== 'information' && severity !== 'hint')
    found = new Set(
      failing.map(({ category, location: { path } }) => `${typeof path === 'string' ? path : path.file} ${category}`),
    )
  }, timeoutMs)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(violations)('behaviour: %s is refused by %s', (name, rule) => {
    expect([...found]).toContain(`${name} ${rule}`)
  })

  test.each(Object.keys(cleanFiles))('behaviour: %s is taken', (name) => {
    expect([...found].filter((entry) => entry.startsWith(`${name} `))).toEqual([])
  })

  test('behaviour: a warning alone fails the command', { timeout: timeoutMs }, () => {
    const warned = makeProject({ 'lib/core/nothing.ts': 'export type Nothing = {}\n' })
    const biome = tool('@biomejs', 'biome', 'bin', 'biome')
    const lax = run(warned, biome, ['ci', 'lib'])
    const strict = run(warned, biome, ['ci', '--error-on-warnings', 'lib'])
    rmSync(warned, { recursive: true, force: true })
    expect([lax.status, strict.status]).toEqual([0, 1])
  })
})

describe('layers', () => {
  const module = 'export const value = 1\n'
  const from = (path: string) => `import { value } from '${path}'\n\nexport const copy = value\n`
  const violations: readonly (readonly [string, string, string])[] = [
    ['lib/core/reachesChain.ts', 'no-reaching-up-from-layer-0', from('@/lib/chain/module')],
    ['lib/chain/reachesQuery.ts', 'no-reaching-up-from-layer-1', from('@/lib/query/module')],
    ['lib/workers/reachesHooks.ts', 'no-reaching-up-from-layer-1', from('../hooks/module')],
    ['lib/storage/reachesApp.ts', 'no-reaching-up-from-layer-1', from('@/app/module')],
    ['lib/config/reachesComponents.ts', 'no-reaching-up-from-layer-1', from('@/components/module')],
    ['lib/query/reachesHooks.ts', 'no-reaching-up-from-layer-2', from('@/lib/hooks/module')],
    ['lib/hooks/reachesComponents.ts', 'no-reaching-up-from-layer-3', from('@/components/module')],
    ['components/reachesApp.ts', 'no-reaching-up-from-layer-4', from('@/app/module')],
    [
      'lib/chain/typesOnly.ts',
      'no-reaching-up-from-layer-1',
      "import type { value } from '@/lib/query/module'\n\nexport type Copy = typeof value\n",
    ],
    [
      'lib/core/usesPackage.ts',
      'core-is-pure',
      "import { getAddress } from 'viem'\n\nexport const checksum = getAddress\n",
    ],
    [
      'lib/core/usesNode.ts',
      'core-is-pure',
      "import { readFileSync } from 'node:fs'\n\nexport const read = readFileSync\n",
    ],
    ['lib/core/loadsLater.ts', 'core-is-pure', "export const load = () => import('@/lib/chain/module')\n"],
    ['lib/core/bold.test.ts', 'core-tests-stay-in-core', from('@/lib/chain/module')],
    ['app/usesDevnet.ts', 'nothing-outside-ships', from('@/devnet/module')],
    ['components/usesTesting.ts', 'nothing-outside-ships', from('@/lib/testing/module')],
    ['components/usesE2e.ts', 'nothing-outside-ships', from('@/e2e/module')],
    ['lib/chain/usesBench.ts', 'nothing-outside-ships', from('@/bench/module')],
    ['app/usesCli.ts', 'nothing-outside-ships', from('@/cli/module')],
    ['app/usesTest.ts', 'no-test-in-code', from('@/lib/chain/fine.test')],
    [
      'lib/chain/usesReact.ts',
      'react-stays-above',
      "import { useState } from 'react'\n\nexport const state = useState\n",
    ],
    ['lib/misc/anything.ts', 'lib-folders-are-layers', from('@/lib/misc/other')],
    ['lib/chain/leadsNowhere.ts', 'no-unresolvable', from('@/lib/chain/missing')],
    ['lib/query/cycleA.ts', 'no-cycles', "import { b } from './cycleB'\n\nexport const a = () => b\n"],
    [
      'components/usesDevPackage.ts',
      'dev-packages-do-not-ship',
      "import fc from 'fast-check'\n\nexport const anything = fc.anything\n",
    ],
    [
      'scripts/usesPackage.mjs',
      'scripts-need-nothing-installed',
      "import { http } from 'viem'\n\nexport const transport = http\n",
    ],
    [
      'scripts/usesTypeScript.mjs',
      'scripts-load-late',
      "import { value } from '../devnet/module.ts'\n\nexport const copy = value\n",
    ],
  ]
  const cleanFiles = {
    'lib/core/module.ts': module,
    'lib/chain/module.ts': from('@/lib/core/module'),
    'lib/testing/module.ts': from('@/lib/chain/module')
      .replace('{ value }', '{ copy as value }')
      .replace('const copy', 'const value'),
    'lib/query/module.ts': module,
    'lib/query/cycleB.ts': "import { a } from './cycleA'\n\nexport const b = () => a\n",
    'lib/hooks/module.ts': module,
    'lib/misc/other.ts': module,
    'components/module.ts': module,
    'app/module.ts': module,
    'devnet/module.ts': from('@/lib/core/module')
      .replace('const copy', 'const value')
      .replace('{ value }', '{ value as copy }')
      .replace('= value', '= copy'),
    'e2e/module.ts': module,
    'bench/module.ts': module,
    'cli/module.ts': module,
    'lib/core/fine.test.ts': `${from('@/lib/testing/module')}\nimport { test } from 'vitest'\n\ntest('default', () => undefined)\n`,
    'lib/chain/fine.test.ts': from('@/devnet/module')
      .replace('const copy', 'const value')
      .replace('{ value }', '{ value as copy }')
      .replace('= value', '= copy'),
    'lib/core/whole.chain.test.ts': from('@/devnet/module'),
    'scripts/later.mjs':
      "export const load = async () => [await import('tsx/esm/api'), await import('../devnet/module.ts')]\n",
  }
  let folder = ''
  let found: ReadonlySet<string>
  let status: number | null = 0

  beforeAll(() => {
    folder = makeProject({ ...cleanFiles, ...Object.fromEntries(violations.map(([name, , text]) => [name, text])) })
    const cruiser = tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs')
    const folders = ['app', 'components', 'lib', 'cli', 'devnet', 'bench', 'e2e', 'scripts']
    const result = run(folder, cruiser, ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders])
    const report: { summary: { violations: { from: string; rule: { name: string } }[] } } = JSON.parse(result.stdout)
    found = new Set(report.summary.violations.map(({ from: file, rule }) => `${file} ${rule.name}`))
    status = run(folder, cruiser, ['--config', '.dependency-cruiser.cjs', ...folders]).status
  }, timeoutMs)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(violations)('behaviour: %s is refused by %s', (name, rule) => {
    expect([...found]).toContain(`${name} ${rule}`)
  })

  test('behaviour: what keeps the rules is taken, and a violation fails the command', () => {
    const innocent = Object.keys(cleanFiles).filter(
      (name) => !['lib/query/cycleB.ts', 'lib/misc/other.ts'].includes(name),
    )
    expect([...found].filter((entry) => innocent.some((name) => entry.startsWith(`${name} `)))).toEqual([])
    expect(status).not.toBe(0)
  })
})

describe('types of core', () => {
  const violations: readonly (readonly [string, string])[] = [
    ['lib/core/fetches.ts', "export const load = () => fetch('https://example.org')\n"],
    ['lib/core/stores.ts', "export const load = () => localStorage.getItem('key')\n"],
    ['lib/core/waits.ts', 'export const wait = (done: () => void) => setTimeout(done, 1)\n'],
    ['lib/core/reaches.ts', "import { value } from '../chain/module'\n\nexport const copy = value\n"],
    ['lib/core/loose.ts', 'export const first = (list: readonly string[]) => list[0].length\n'],
    ['lib/core/mixes.ts', 'export const half = (amount: bigint) => amount * 0.5\n'],
    ['lib/core/rounds.ts', 'export const floor = (amount: bigint) => Math.floor(amount)\n'],
    ['lib/core/widens.ts', 'export const sum = (amount: bigint, rate: number): bigint => amount + rate\n'],
  ]

  test('behaviour: A-22 neither the world outside nor floats among amounts compile', { timeout: timeoutMs }, () => {
    const folder = makeProject({
      'lib/core/clean.ts': 'export const clean = (list: readonly string[]) => list.length\n',
      'lib/chain/module.ts': 'export const value = 1\n',
      ...Object.fromEntries(violations),
    })
    const { stdout, status } = run(folder, tool('typescript', 'bin', 'tsc'), [
      '--pretty',
      'false',
      '-p',
      'lib/core/tsconfig.json',
    ])
    rmSync(folder, { recursive: true, force: true })
    expect(status).not.toBe(0)
    for (const [name] of violations) expect(stdout).toContain(`${name}(`)
    expect(stdout).not.toContain('lib/core/clean.ts(')
  })
})
