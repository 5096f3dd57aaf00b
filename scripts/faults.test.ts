import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** docs/faults.md promises a test for each fault and invariant. Here the promise is held against the test files. */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const text = readFileSync(join(root, 'docs', 'faults.md'), 'utf8')

type Row = {
  readonly number: string
  readonly meaning: string
  readonly tests: readonly string[]
  readonly rest: string
}

const rows = text.split('\n').flatMap((line): readonly Row[] => {
  const [, number, meaning, where] = /^\| ([FA]-\d\d) \| (.+?) \| (.+) \|$/.exec(line) ?? []
  if (number === undefined || meaning === undefined || where === undefined) return []
  const tests = [...where.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '')
  return [{ number, meaning, tests, rest: where.replaceAll(/`[^`]+`/g, '') }]
})

const span = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${letter}-${String(from + index).padStart(2, '0')}`)

/** `test`, `describe.each(rows)`, `test.describe`: what is called to declare tests, without its arguments. */
function nameOfDeclaration(called: ts.Expression): readonly string[] {
  if (ts.isIdentifier(called)) return [called.text]
  if (ts.isPropertyAccessExpression(called)) return [...nameOfDeclaration(called.expression), called.name.text]
  return ts.isCallExpression(called) ? nameOfDeclaration(called.expression) : []
}

const never = ['skip', 'todo', 'fixme', 'fails']

/** The titles in a test file; of rows that make up a title, their first words. Tests that never run have none. */
function listTitles(source: string): readonly string[] {
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = nameOfDeclaration(node.expression)
      if (/^(test|describe|\w+Test)$/.test(names[0] ?? '')) {
        if (names.some((name) => never.includes(name))) return
        const [title] = node.arguments
        if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text)
        if (title !== undefined && ts.isTemplateExpression(title)) titles.push(title.getText())
      }
    }
    // A row of a table of cases: its name stands first.
    if (ts.isArrayLiteralExpression(node)) {
      const [first] = node.elements
      if (first !== undefined && ts.isStringLiteralLike(first)) titles.push(first.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))
  return titles
}

test('behaviour: every number stands in the table, once', () => {
  const wanted = [...span('F', 1, 6), ...span('F', 10, 67), ...span('A', 1, 35)]
  expect(rows.map(({ number }) => number)).toEqual(wanted)
})

const withTests = rows.filter(({ tests }) => tests.length > 0)

const titlesOf = new Map<string, readonly string[]>()

function readTitles(path: string): readonly string[] {
  const titles = titlesOf.get(path) ?? listTitles(readFileSync(join(root, path), 'utf8'))
  titlesOf.set(path, titles)
  return titles
}

test.each(withTests)('behaviour: $number has the tests that the table names', ({ number, tests }) => {
  for (const path of tests) {
    expect(path).toMatch(/\.(test|spec)\.tsx?$/)
    expect(existsSync(join(root, path)), path).toBe(true)
    const titles = readTitles(path)
    expect(
      titles.some((title) => title.includes(number)),
      `${path} has no test with ${number} in its title`,
    ).toBe(true)
  }
})

test('behaviour: what has no test says why', () => {
  for (const { number, tests, rest } of rows) {
    if (tests.length === 0)
      expect(rest, number).toMatch(/^(With the (presets|real chains|finish)|Does not apply): .+\.$/)
  }
})

describe('listTitles', () => {
  test('default', () => {
    const source = `
      test('one', () => {})
      describe('two', () => { test.each([['three', 1]])('four %s', () => {}) })
      test.describe(\`five \${'$'}{name}\`, () => {})
    `
    expect(listTitles(source)).toEqual(['one', 'two', 'four %s', 'three', expect.stringContaining('five')])
  })

  test('behaviour: neither comments, nor what is expected, nor tests that never run', () => {
    expect(listTitles("// test('A-01')\nexpect(rule).toBe('A-01')\ntest.skip('A-01', () => {})\n")).toEqual([])
  })
})
