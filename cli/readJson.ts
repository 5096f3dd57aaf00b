import { readFile } from 'node:fs/promises'
import { CommandError } from './command'

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Reads JSON from a file, or from standard input for `-`.
 * @throws {CommandError} when it cannot be read or is not JSON.
 */
export async function readJson(path: string): Promise<unknown> {
  const source = path === '-' ? 'standard input' : path
  let text: string
  try {
    text = path === '-' ? await readStandardInput() : await readFile(path, 'utf8')
  } catch (error) {
    throw new CommandError('input', `${source}: cannot be read (${reasonOf(error)})`, { cause: error })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new CommandError('input', `${source}: is not JSON (${reasonOf(error)})`, { cause: error })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
