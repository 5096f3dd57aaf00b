// Builds the app into out/, unless the build there was made from the same inputs.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseFlags } from './flags.mjs'
import { trustedTypesScript } from './headers.mjs'
import { hashInlineScripts, prependInlineScript } from './inlineScripts.mjs'
import { cacheFolder, outFolder, root } from './paths.mjs'
import { endProcesses, endWithParent, onEndRequested, runCommand, tail } from './processes.mjs'
import { checkNode, ensurePackages, log } from './setup.mjs'
import { runMain, StopLine } from './stopLine.mjs'

const stampPath = join(cacheFolder, 'build-stamp')
const lockPath = join(cacheFolder, 'build-lock')

const inputFolders = ['app', 'components', 'lib', 'public', 'scripts']
const inputFiles = ['package-lock.json', 'next.config.mjs', 'postcss.config.mjs', 'tailwind.config.ts', 'tsconfig.json']

/** Whether a file has a part in what is built. */
export function isBuildInput(path) {
  const name = path.replaceAll('\\', '/')
  if (/\.test\.tsx?$/.test(name) || name.startsWith('lib/testing/')) return false
  if (name.startsWith('scripts/')) return /^scripts\/(build|headers|inlineScripts)\.mjs$/.test(name)
  return true
}

function listFiles(folder) {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFiles(path)
    return entry.isFile() ? [path] : []
  })
}

/** A name for all that a build is made from: files, packages and the settings that end up inside. */
export function hashInputs() {
  const hash = createHash('sha256')
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('NEXT_PUBLIC_'))
  hash.update(JSON.stringify(settings.sort()))
  const files = [
    ...inputFolders.flatMap((folder) => listFiles(join(root, folder))),
    ...inputFiles.map((name) => join(root, name)),
  ]
  for (const path of files
    .map((file) => relative(root, file))
    .filter(isBuildInput)
    .sort()) {
    hash.update(`\0${path}\0`)
    hash.update(
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest(),
    )
  }
  return hash.digest('hex').slice(0, 32)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** A lock whose owner is gone, or that was left before its owner could sign it. */
function isLockAbandoned() {
  const owner = Number(readTextOrEmpty(lockPath))
  if (owner > 0) return !isAlive(owner)
  try {
    return Date.now() - statSync(lockPath).mtimeMs > 10_000
  } catch {
    return false
  }
}

/** Only one build at a time works in this checkout. */
async function withLock(work) {
  mkdirSync(cacheFolder, { recursive: true })
  let said = false
  for (;;) {
    try {
      writeFileSync(lockPath, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isLockAbandoned()) {
        rmSync(lockPath, { force: true })
        continue
      }
      if (!said) log('Waiting for another build of this checkout …')
      said = true
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lockPath, { force: true })
  }
}

function readTextOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Gives every page its first script, and writes down which inline scripts each page may run. */
export function finishPages(folder) {
  const inlineScripts = {}
  for (const path of listFiles(folder)
    .filter((file) => file.endsWith('.html'))
    .sort()) {
    const html = prependInlineScript(readFileSync(path, 'utf8'), trustedTypesScript)
    writeFileSync(path, html)
    inlineScripts[`/${relative(folder, path).replaceAll('\\', '/')}`] = hashInlineScripts(html)
  }
  writeFileSync(join(folder, 'csp.json'), `${JSON.stringify({ version: 1, inlineScripts }, null, 2)}\n`)
}

/**
 * Builds the app into out/.
 *
 * @param {{ force?: boolean }} [options] `force` builds even when nothing changed
 * @returns {Promise<{ status: 'built' | 'unchanged', seconds: number }>}
 * @throws {StopLine} when the build fails, with the end of what it said.
 */
export function build({ force = false } = {}) {
  return withLock(async () => {
    const started = Date.now()
    const inputs = hashInputs()
    if (!force && readTextOrEmpty(stampPath) === inputs && readTextOrEmpty(join(outFolder, 'csp.json')) !== '') {
      return { status: 'unchanged', seconds: 0 }
    }
    rmSync(stampPath, { force: true })
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      BALLAST_BUILD_ID: inputs,
      BALLAST_TYPES_CHECKED: '1',
    }
    const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
    const { code, output } = await runCommand(process.execPath, [next, 'build'], { cwd: root, env })
    if (code !== 0) throw new StopLine(`${tail(output, 60)}\nThe build failed; the lines above say why.`)
    finishPages(outFolder)
    writeFileSync(stampPath, inputs)
    return { status: 'built', seconds: (Date.now() - started) / 1000 }
  })
}

/** Checks the types of the whole project, and of the core by its own stricter rules. */
export async function checkTypes() {
  const typescript = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const runs = [
    ['-p', 'tsconfig.check.json'],
    ['-p', 'lib/core/tsconfig.json'],
  ]
  for (const args of runs) {
    const { code, output } = await runCommand(process.execPath, [typescript, ...args], { cwd: root })
    if (code !== 0) return { ok: false, output }
  }
  return { ok: true, output: '' }
}

const help = `Checks the types and builds the app into out/.

  npm run build -- [flags]

  --force   build even when nothing changed
  --help    this text
`

async function main() {
  checkNode()
  const flags = parseFlags(
    process.argv.slice(2),
    { force: { kind: 'switch' }, help: { kind: 'switch' } },
    'npm run build --',
  )
  if (flags.help) {
    process.stdout.write(help)
    return
  }
  endWithParent()
  onEndRequested(endProcesses)
  await ensurePackages()
  log('Building …')
  const [types, result] = await Promise.all([checkTypes(), build({ force: flags.force })])
  if (!types.ok) throw new StopLine(`${tail(types.output, 60)}\nThe types do not fit; the lines above say where.`)
  log(result.status === 'built' ? `Built into out/ in ${result.seconds.toFixed(1)} s` : 'out/ is up to date')
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(main)
}
