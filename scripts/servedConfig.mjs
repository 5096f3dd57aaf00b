import { readFileSync } from 'node:fs'
import { StopLine } from './stopLine.mjs'

/**
 * Checks as much of a run-time configuration as a server must know to serve it: the RPC endpoints that pages may talk
 * to. The page itself checks all of it.
 * @throws {StopLine} when the endpoints cannot be read.
 */
export function toServedConfig(value, source) {
  const chains = value?.chains
  if (!Array.isArray(chains) || chains.length === 0)
    throw new StopLine(`${source}: "chains" must list at least one chain.`)
  for (const [index, chain] of chains.entries()) {
    const urls = chain?.rpcUrls
    if (!Array.isArray(urls) || urls.length === 0 || !urls.every(isHttpUrl)) {
      throw new StopLine(`${source}: "chains.${index}.rpcUrls" must list one or more http:// or https:// addresses.`)
    }
  }
  return value
}

function isHttpUrl(value) {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

/**
 * Reads a run-time configuration from a file.
 * @throws {StopLine} when it cannot be read, is not JSON, or names no RPC endpoints.
 */
export function readServedConfig(path) {
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new StopLine(`${path} cannot be read.`)
  }
  try {
    return toServedConfig(JSON.parse(text), path)
  } catch (error) {
    if (error instanceof SyntaxError) throw new StopLine(`${path} is not JSON: ${error.message}`)
    throw error
  }
}
