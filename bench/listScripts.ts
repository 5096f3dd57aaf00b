/** Scripts that a page names: those it runs and those it has fetched ahead. Legacy ones for old browsers are left out. */
export function listScripts(html: string): readonly string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? []
  const paths = tags.flatMap((tag) => {
    if (/\bnomodule\b/i.test(tag)) return []
    const isAhead = tag.startsWith('<link') && (/rel="modulepreload"/.test(tag) || /\bas="script"/.test(tag))
    const [, path] = (tag.startsWith('<script') ? /\bsrc="([^"]+)"/ : /\bhref="([^"]+)"/).exec(tag) ?? []
    return path !== undefined && (tag.startsWith('<script') || isAhead) ? [path] : []
  })
  return [...new Set(paths)]
}
