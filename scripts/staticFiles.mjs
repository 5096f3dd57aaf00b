import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const mimeTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
}

const squeezed = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.map',
  '.txt',
  '.xml',
  '.webmanifest',
  '.svg',
  '.wasm',
])

/** The content type of a file by its name. */
export function mimeType(path) {
  return mimeTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

/** Whether a file gets smaller by compression. */
export function isCompressible(path) {
  return squeezed.has(extname(path).toLowerCase())
}

/**
 * What an address means on a site whose files are listed by their paths (`/plan/index.html`). Only listed files can be
 * reached, so that no spelling of a path leads outside.
 *
 * @param {string} requestTarget the request's path and query as sent
 * @param {{ has(path: string): boolean }} files
 * @returns {{ kind: 'file', path: string } | { kind: 'redirect', location: string } | { kind: 'missing' } | { kind: 'malformed' }}
 */
export function resolveTarget(requestTarget, files) {
  const [rawPath, query] = splitOnce(requestTarget, '?')
  let path
  try {
    path = decodeURIComponent(rawPath)
  } catch {
    return { kind: 'malformed' }
  }
  if (!path.startsWith('/') || path.includes('\0')) return { kind: 'malformed' }
  if (path.endsWith('/')) {
    return files.has(`${path}index.html`) ? { kind: 'file', path: `${path}index.html` } : { kind: 'missing' }
  }
  if (files.has(path)) return { kind: 'file', path }
  if (files.has(`${path}/index.html`)) {
    return { kind: 'redirect', location: `${rawPath}/${query === undefined ? '' : `?${query}`}` }
  }
  return { kind: 'missing' }
}

function splitOnce(text, separator) {
  const index = text.indexOf(separator)
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}

/** The coding of an answer that a client takes and that is the smallest: brotli, gzip, or none. */
export function chooseEncoding(acceptEncoding = '') {
  const refused = new Set()
  const taken = new Set()
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name, ...parameters] = part.trim().split(';')
    const isRefused = parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/.test(parameter))
    ;(isRefused ? refused : taken).add(name.trim())
  }
  return ['br', 'gzip'].find((name) => !refused.has(name) && (taken.has(name) || taken.has('*')))
}

/** Reads every file of a folder into memory, by its path on the site. Names that begin with a dot stay out. */
export function readSite(folder, prefix = '/') {
  const files = new Map()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      for (const [name, file] of readSite(path, `${prefix}${entry.name}/`)) files.set(name, file)
    } else if (entry.isFile()) {
      const body = readFileSync(path)
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`
      files.set(`${prefix}${entry.name}`, { body, etag })
    }
  }
  return files
}
