import { createHash } from 'node:crypto'

const scriptElement = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi

/** The `sha256-…` source of each inline script that would run in a page, in order, each once. */
export function hashInlineScripts(html) {
  const hashes = [...html.matchAll(scriptElement)]
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes) && isRun(attributes))
    .map(([, , text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`)
  return [...new Set(hashes)]
}

/** Data blocks (`application/json` and the like) do not run and need no hash. */
function isRun(attributes) {
  const type = /\stype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1] ?? ''
  return ['', 'module', 'text/javascript', 'application/javascript', 'speculationrules', 'importmap'].includes(
    type.toLowerCase(),
  )
}

/** Puts a script before everything else in a page's head. A page that has it stays as it is. */
export function prependInlineScript(html, script) {
  const element = `<script>${script}</script>`
  if (html.includes(element)) return html
  const head = /<head\b[^>]*>/i.exec(html)
  if (head === null) throw new Error('A page without <head> cannot be given its first script.')
  const end = head.index + head[0].length
  return `${html.slice(0, end)}${element}${html.slice(end)}`
}
