import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** The interface gives arithmetic, not advice: these words do not stand in what people read. */
const adviceWords = /\b(recommend(?:ed|s|ation|ations)?|best|optimal(?:ly)?|should|guarantee(?:d|s)?)\b/i

const root = fileURLToPath(new URL('..', import.meta.url))

function listSources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** All texts of a source file: string literals, parts of templates and text between tags, but no comments. */
function listTexts(path: string, source: string): readonly string[] {
  const texts: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) texts.push(node.text)
    if (ts.isTemplateExpression(node)) {
      texts.push(node.head.text, ...node.templateSpans.map(({ literal }) => literal.text))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))
  return texts
}

const findAdvice = (texts: readonly string[]) => texts.filter((text) => adviceWords.test(text))

describe('wording', () => {
  it('default', () => {
    const paths = [...listSources('app'), ...listSources('components')]
    expect(paths.length).toBeGreaterThan(20)
    const found = paths.flatMap((path) =>
      findAdvice(listTexts(path, readFileSync(path, 'utf8'))).map(
        (text) => `${path.slice(root.length)}: ${text.trim()}`,
      ),
    )
    expect(found).toEqual([])
  })

  it('behaviour: finds advice in strings, templates and between tags, not in comments', () => {
    const source = [
      '// should',
      'const a = "the best price"',
      'const b = `You $' + '{a} should`',
      'const c = <p>Guaranteed.<b title="Recommended" /></p>',
    ].join('\n')
    expect(findAdvice(listTexts('x.tsx', source))).toEqual(['the best price', ' should', 'Guaranteed.', 'Recommended'])
  })
})
