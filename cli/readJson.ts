import { readFile } from 'node:fs/promises'
import { CommandError } from './command'

/** Deeper than any input of ours; what lies deeper would only exhaust the stack of whoever reads it. */
const deepest = 32

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** How messages call what is read from this path. */
export function nameSource(path: string): string {
  return path === '-' ? 'standard input' : path
}

/**
 * Reads JSON from a file, or from standard input for `-`.
 * @throws {CommandError} when it cannot be read, is not JSON or is nested beyond all measure.
 */
export async function readJson(path: string): Promise<unknown> {
  const source = nameSource(path)
  let text: string
  try {
    text = path === '-' ? await readStandardInput() : await readFile(path, 'utf8')
  } catch (error) {
    throw new CommandError('input', `${source}: cannot be read (${reasonOf(error)})`, { cause: error })
  }
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new CommandError('input', `${source}: is not JSON (${reasonOf(error)})`, { cause: error })
  }
  if (isTooDeep(json)) throw new CommandError('input', `${source}: is nested more than ${deepest} levels deep`)
  return json
}

function isTooDeep(json: unknown): boolean {
  let level: readonly object[] = isObject(json) ? [json] : []
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === deepest) return true
    level = level.flatMap((one) => Object.values(one).filter(isObject))
  }
  return false
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
