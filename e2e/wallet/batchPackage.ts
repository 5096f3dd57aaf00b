import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** MetaMask's own implementation of EIP-5792: what it refuses, the test wallet refuses. */
export type BatchPackage = typeof import('@metamask/eip-5792-middleware')

const packageName = '@metamask/eip-5792-middleware'

/** The package takes a few names from two controllers whose own trees are not installed. Their values are MetaMask's. */
const standIns: Readonly<Record<string, string>> = {
  '@metamask/transaction-controller': `
exports.TransactionEnvelopeType = { feeMarket: '0x2' }
exports.TransactionStatus = { confirmed: 'confirmed', failed: 'failed', dropped: 'dropped' }
`,
  '@metamask/keyring-controller': `
exports.KeyringTypes = { hd: 'HD Key Tree', simple: 'Simple Key Pair' }
`,
}

const require = createRequire(import.meta.url)
const cacheFolder = fileURLToPath(new URL('../../.cache', import.meta.url))

function writeStandIn(folder: string, name: string, source: string): void {
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'index.cjs'), source)
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.cjs' }))
}

/** Lays the package out beside the stand-ins, once. Everything else it finds in the project's own `node_modules`. */
function layOut(): string {
  const manifestPath = require.resolve(`${packageName}/package.json`)
  const { version } = require(manifestPath) as { readonly version: string }
  const mark = createHash('sha256').update(JSON.stringify(standIns)).digest('hex').slice(0, 8)
  const home = join(cacheFolder, `test-wallet-${version}-${mark}`)
  if (!existsSync(home)) {
    mkdirSync(cacheFolder, { recursive: true })
    const building = mkdtempSync(join(cacheFolder, 'test-wallet-building-'))
    cpSync(dirname(manifestPath), join(building, 'node_modules', packageName), { recursive: true })
    for (const [name, source] of Object.entries(standIns)) writeStandIn(building, name, source)
    try {
      renameSync(building, home)
    } catch (error) {
      // Another worker was faster.
      rmSync(building, { recursive: true, force: true })
      if (!existsSync(home)) throw error
    }
  }
  return home
}

/** Loads MetaMask's EIP-5792 package. */
export function loadBatchPackage(): BatchPackage {
  return createRequire(join(layOut(), 'index.cjs'))(packageName) as BatchPackage
}
