import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { runCommand, tail } from './processes.mjs'
import { StopLine } from './stopLine.mjs'

const oldestNode = [20, 19]

/** Set-up speaks on stderr: stdout belongs to the command. */
export function log(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Makes sure that this Node can run the project.
 * @throws {StopLine} when it is older than 20.19.
 */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new StopLine(
    `Ballast needs Node ${oldestNode.join('.')} or newer; this is ${version}. Get it at https://nodejs.org`,
  )
}

/**
 * Whether the packages on the disk are those of the lockfile. Both are npm's own lists; packages for other platforms
 * may be missing.
 */
export function packagesMatch(wanted, present) {
  return Object.entries(wanted.packages ?? {}).every(([path, { version, optional, peer, link }]) => {
    if (path === '' || link === true) return true
    const found = present.packages?.[path]
    if (found === undefined) return optional === true || peer === true
    return found.version === version
  })
}

const stampPath = join(root, 'node_modules', '.ballast-stamp')

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function packagesArePresent(lockText, hash) {
  if (readText(stampPath) === hash) return true
  const presentText = readText(join(root, 'node_modules', '.package-lock.json'))
  if (presentText === undefined) return false
  try {
    return packagesMatch(JSON.parse(lockText), JSON.parse(presentText))
  } catch {
    return false
  }
}

function npmCommand() {
  const script = process.env.npm_execpath
  if (script !== undefined && /\.[cm]?js$/.test(script) && existsSync(script)) {
    return { command: process.execPath, before: [script], shell: false }
  }
  return { command: 'npm', before: [], shell: process.platform === 'win32' }
}

/**
 * Installs the packages of the lockfile unless they are there. Touches the network only when it installs.
 * @throws {StopLine} when npm fails.
 */
export async function ensurePackages() {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const hash = createHash('sha256').update(lockText).digest('hex')
  if (packagesArePresent(lockText, hash)) {
    if (readText(stampPath) !== hash) writeFileSync(stampPath, hash)
    return
  }
  log('Installing packages (npm ci), once …')
  const { command, before, shell } = npmCommand()
  const args = [...before, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, output } = await runCommand(command, args, { cwd: root, shell })
  if (code !== 0)
    throw new StopLine(
      `${tail(output, 20)}\nInstalling the packages failed. Check the network and run the command again.`,
    )
  writeFileSync(stampPath, hash)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installedBrowserPaths() {
  const { CHROMIUM_PATH, PROGRAMFILES, LOCALAPPDATA } = process.env
  const windows = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'))
  return [
    ...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []),
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...windows,
  ]
}

/** The browser for the end-to-end tests: one of this machine, else Playwright's own, else nothing. */
export function findChromium() {
  return installedBrowserPaths().find(isExecutable) ?? findPlaywrightChromium()
}

function findPlaywrightChromium() {
  try {
    const { chromium } = createRequire(join(root, 'package.json'))('playwright')
    const path = chromium.executablePath()
    return isExecutable(path) ? path : undefined
  } catch {
    return undefined
  }
}

async function starts(path) {
  const { code } = await runCommand(path, ['--version'], { timeoutMs: 20_000 })
  return code === 0
}

/**
 * Finds or installs a Chromium and returns the path of its program.
 * @throws {StopLine} when there is none and none can be had.
 */
export async function ensureChromium() {
  const onMachine = installedBrowserPaths().find(isExecutable)
  if (onMachine !== undefined) return onMachine
  const ours = findPlaywrightChromium()
  if (ours !== undefined && (await starts(ours))) return ours

  log('Installing Chromium (playwright install chromium), once …')
  const playwright = join(root, 'node_modules', 'playwright', 'cli.js')
  await runCommand(process.execPath, [playwright, 'install', 'chromium'], { cwd: root, timeoutMs: 600_000 })
  const downloaded = findPlaywrightChromium()
  if (downloaded !== undefined && (await starts(downloaded))) return downloaded

  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    log('Installing Chromium (apt-get install chromium), once …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update'], { env, timeoutMs: 300_000 })
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, timeoutMs: 600_000 })
    const packaged = installedBrowserPaths().find(isExecutable)
    if (packaged !== undefined) return packaged
  }
  throw new StopLine(
    'The end-to-end tests need Chrome or Chromium, and it could not be installed. Install one and run again, or set CHROMIUM_PATH to its program.',
  )
}

/** Makes sure that the programs and contracts of the local chain are there. */
export async function ensureDevnet() {
  const install = await import('../devnet/install.mjs')
  await install.ensureDevnet({ log })
}

/** Makes sure that Uniswap's own reader of router calls is there: tests hold ours against it. */
export async function ensureUniswapParser() {
  const install = await import('../lib/testing/uniswapParser/install.mjs')
  await install.ensureUniswapParser({ log })
}
