import { gunzipSync } from 'node:zlib'

const blockBytes = 512

/** @param {Buffer} header @param {number} start @param {number} length */
function field(header, start, length) {
  const bytes = header.subarray(start, start + length)
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end === -1 ? length : end).toString('utf8')
}

/**
 * The files of an npm tarball that are asked for, by their path inside the package.
 * @param {Buffer} tarball gzipped tar, every path below one top folder
 * @param {readonly string[]} wanted
 * @returns {Map<string, Buffer>}
 */
export function readTarball(tarball, wanted) {
  const tar = gunzipSync(tarball)
  const missing = new Set(wanted)
  const files = new Map()
  let longPath
  for (let offset = 0; offset + blockBytes <= tar.length && missing.size > 0; ) {
    const header = tar.subarray(offset, offset + blockBytes)
    if (header[0] === 0) break
    const size = Number.parseInt(field(header, 124, 12).trim() || '0', 8)
    const type = String.fromCharCode(header[156] ?? 0)
    const body = tar.subarray(offset + blockBytes, offset + blockBytes + size)
    offset += blockBytes + Math.ceil(size / blockBytes) * blockBytes
    if (type === 'x') {
      longPath = /\d+ path=([^\n]+)\n/.exec(body.toString('utf8'))?.[1]
      continue
    }
    if (type === 'L') {
      longPath = field(body, 0, body.length)
      continue
    }
    const prefix = field(header, 345, 155)
    const path = longPath ?? (prefix === '' ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`)
    longPath = undefined
    const inPackage = path.slice(path.indexOf('/') + 1)
    if (missing.delete(inPackage)) files.set(inPackage, Buffer.from(body))
  }
  return files
}
