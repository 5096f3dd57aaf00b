import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moveIntoPlace, npm, withTemporaryDirectory } from '../../../devnet/install.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const projectCache = join(here, '..', '..', '..', '.cache')

/**
 * Installs Uniswap's reader of Universal Router calls, once, apart from the packages of the project: it brings more
 * than it needs, and what its parser does not load is left out (`overrides`). Exact versions and their hashes stand in
 * the lockfile beside this file. Safe to call from several processes at once; does nothing when all is there.
 * @param {{ log?: (line: string) => void, cacheDirectory?: string }} [options]
 * @returns {Promise<string>} the folder with its packages
 * @throws {import('../../../devnet/install.mjs').DevnetInstallError} when a download fails or is not what was expected
 */
export async function ensureUniswapParser({ log = () => {}, cacheDirectory = projectCache } = {}) {
  const lists = ['package.json', 'package-lock.json']
  const texts = await Promise.all(lists.map((name) => readFile(join(here, name), 'utf8')))
  const version = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12)
  const directory = join(cacheDirectory, `uniswap-parser-${version}`)
  const packages = join(directory, 'node_modules')
  if (existsSync(packages)) return packages

  log("Fetching Uniswap's command parser (12 MB)")
  await withTemporaryDirectory(cacheDirectory, async (temporary) => {
    for (const name of lists) await copyFile(join(here, name), join(temporary, name))
    await npm(['ci', '--ignore-scripts'], temporary)
    await moveIntoPlace(temporary, directory)
  })
  return packages
}
