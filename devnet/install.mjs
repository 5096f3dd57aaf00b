import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { anvilVersion, compilerPackage, contractPackages, ownContracts } from './packages.mjs'
import { readTarball } from './tarball.mjs'

const projectDirectory = join(dirname(fileURLToPath(import.meta.url)), '..')
const projectCache = join(projectDirectory, '.cache')

/** Hexadecimal digits of one argument of a constructor. */
const wordHexLength = 64

/** The local chain could not be fetched or put together. The message is one line that says what to do. */
export class DevnetInstallError extends Error {
  /** @param {string} message @param {{ cause?: unknown }} [options] */
  constructor(message, options) {
    super(message, options)
    /** @type {'DevnetInstallError'} */
    this.name = 'DevnetInstallError'
  }
}

/**
 * Fetches what the local chain needs, once: Anvil, and the bytecode of every contract in one compact file. Safe to call
 * from several processes at once; does nothing when all is there.
 * @param {{ log?: (line: string) => void, cacheDirectory?: string }} [options]
 * @returns {Promise<{ anvilPath: string, contractsPath: string }>}
 * @throws {DevnetInstallError} when a download fails, is not what was expected, or the platform has no Anvil
 */
export async function ensureDevnet({ log = () => {}, cacheDirectory = projectCache } = {}) {
  const anvilPath = await ensureAnvil(log, cacheDirectory)
  const contractsPath = await ensureContracts(log, cacheDirectory)
  return { anvilPath, contractsPath }
}

/** @param {(line: string) => void} log @param {string} cacheDirectory */
async function ensureAnvil(log, cacheDirectory) {
  const directory = join(cacheDirectory, `anvil-${anvilVersion}`)
  const platform = `anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const executable = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const insideDirectory = join('node_modules', '@foundry-rs', platform, 'bin', executable)
  const anvilPath = join(directory, insideDirectory)
  if (existsSync(anvilPath)) return anvilPath

  log(`Fetching Anvil ${anvilVersion}`)
  await withTemporaryDirectory(cacheDirectory, async (temporary) => {
    await writeFile(join(temporary, 'package.json'), '{"private":true}\n')
    await npm(
      [
        'install',
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        '--prefix',
        '.',
        `@foundry-rs/anvil@${anvilVersion}`,
      ],
      temporary,
    )
    if (!existsSync(join(temporary, insideDirectory)))
      throw new DevnetInstallError(
        `Anvil ${anvilVersion} has no build for ${process.platform} on ${process.arch}: run this on Linux, macOS or Windows.`,
      )
    await moveIntoPlace(temporary, directory)
  })
  return anvilPath
}

/** @param {(line: string) => void} log @param {string} cacheDirectory */
async function ensureContracts(log, cacheDirectory) {
  const sources = await Promise.all(
    ownContracts.map(async (name) => {
      const file = `${name}.sol`
      return { file, content: await readFile(join(projectDirectory, 'contracts', 'devnet', file), 'utf8') }
    }),
  )
  const version = createHash('sha256')
    .update(JSON.stringify([contractPackages, compilerPackage, sources]))
    .digest('hex')
    .slice(0, 12)
  const contractsPath = join(cacheDirectory, `contracts-${version}.json`)
  if (existsSync(contractsPath)) return contractsPath

  const packages = [...contractPackages, compilerPackage]
  log(`Fetching ${packages.length} contract packages (about 100 MB)`)
  await withTemporaryDirectory(cacheDirectory, async (temporary) => {
    const tarballs = await fetchPackages(packages, temporary)
    /** @type {Record<string, string>} */
    const code = {}
    for (const source of contractPackages) {
      const files = readTarball(
        /** @type {Buffer} */ (tarballs.get(source.name)),
        source.artifacts.map(({ file }) => file),
      )
      for (const { contract, file, format } of source.artifacts) {
        const content = files.get(file)
        if (content === undefined)
          throw new DevnetInstallError(`${source.name}@${source.version} has no ${file}: correct devnet/packages.mjs.`)
        code[contract] = toBytecode(content.toString('utf8'), format, contract)
      }
    }
    log('Compiling the test tokens')
    Object.assign(
      code,
      await compileTokens(/** @type {Buffer} */ (tarballs.get(compilerPackage.name)), sources, temporary),
    )
    const whole = join(temporary, 'contracts.json')
    await writeFile(whole, JSON.stringify(code))
    await rename(whole, contractsPath)
  })
  return contractsPath
}

/**
 * @param {readonly { name: string, version: string, integrity: string }[]} packages
 * @param {string} directory
 * @returns {Promise<Map<string, Buffer>>}
 */
async function fetchPackages(packages, directory) {
  await npm(['pack', '--ignore-scripts', ...packages.map(({ name, version }) => `${name}@${version}`)], directory)
  const tarballs = new Map()
  for (const { name, version, integrity } of packages) {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
    const tarball = await readFile(join(directory, file)).catch((cause) => {
      throw new DevnetInstallError(`npm did not deliver ${name}@${version}: check the network and try again.`, {
        cause,
      })
    })
    const found = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    if (found !== integrity)
      throw new DevnetInstallError(
        `${name}@${version} is not the package that was checked (${found}): refuse it and look at the registry in use.`,
      )
    tarballs.set(name, tarball)
  }
  return tarballs
}

/**
 * @param {string} content
 * @param {import('./packages.mjs').ArtifactFormat} format
 * @param {string} contract
 */
function toBytecode(content, format, contract) {
  const found = readArtifact(content, format)
  const hex = `0x${String(found ?? '').replace(/^0x/, '')}`
  if (!/^0x([0-9a-f]{2})+$/i.test(hex))
    throw new DevnetInstallError(`The artifact of ${contract} holds no bytecode: correct devnet/packages.mjs.`)
  return hex
}

/** @param {string} content @param {import('./packages.mjs').ArtifactFormat} format @returns {string | undefined} */
function readArtifact(content, format) {
  switch (format) {
    case 'json':
      return JSON.parse(content).bytecode
    case 'foundry':
      return JSON.parse(content).bytecode.object
    case 'broadcast': {
      const [{ transaction, arguments: args }] = JSON.parse(content).transactions
      return transaction.input.slice(0, -wordHexLength * args.length)
    }
    case 'chainlink':
      return JSON.parse(content).compilerOutput.evm.bytecode.object
    case 'script':
      return /bytecode = "(0x[0-9a-f]+)"/.exec(content)?.[1]
    case 'solidityLiteral':
      return /hex"([0-9a-f]+)"/.exec(content)?.[1]
  }
}

/**
 * @param {Buffer} tarball of the compiler
 * @param {readonly { file: string, content: string }[]} sources
 * @param {string} temporary
 * @returns {Promise<Record<string, string>>}
 */
async function compileTokens(tarball, sources, temporary) {
  const script = readTarball(tarball, [compilerPackage.file]).get(compilerPackage.file)
  if (script === undefined) throw new DevnetInstallError(`solc@${compilerPackage.version} has no compiler in it.`)
  const scriptPath = join(temporary, 'soljson.cjs')
  await writeFile(scriptPath, script)
  const compiler = createRequire(import.meta.url)(scriptPath)
  const compile = compiler.cwrap('solidity_compile', 'string', ['string', 'number', 'number'])
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources.map(({ file, content }) => [file, { content }])),
    settings: {
      evmVersion: 'paris',
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(compile(JSON.stringify(input), 0, 0))
  const failure = output.errors?.find((/** @type {{ severity: string }} */ { severity }) => severity === 'error')
  if (failure !== undefined) throw new DevnetInstallError(`A test token does not compile: ${failure.formattedMessage}`)
  return Object.fromEntries(
    ownContracts.map((name) => [name, `0x${output.contracts[`${name}.sol`][name].evm.bytecode.object}`]),
  )
}

/**
 * A folder inside `parent` for as long as the work takes.
 * @param {string} parent @param {(directory: string) => Promise<void>} work
 */
export async function withTemporaryDirectory(parent, work) {
  const directory = join(parent, `.fetch-${randomUUID()}`)
  await mkdir(directory, { recursive: true })
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Another process may have put the same thing there in the meantime: then theirs stays.
 * @param {string} from @param {string} to
 */
export async function moveIntoPlace(from, to) {
  try {
    await rename(from, to)
  } catch (cause) {
    if (!existsSync(to))
      throw new DevnetInstallError(`Could not write ${to}: check that the folder is writable.`, { cause })
  }
}

/**
 * Runs npm without a word, wherever it is.
 * @param {readonly string[]} args @param {string} cwd
 * @returns {Promise<void>}
 */
export function npm(args, cwd) {
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline']
  const script = process.env.npm_execpath
  const ownNpm = script !== undefined && /npm-cli\.c?js$/.test(script)
  const [command, before] = ownNpm ? [process.execPath, [script]] : ['npm', []]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args, ...quiet], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32' && !ownNpm,
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', (cause) =>
      reject(new DevnetInstallError('npm could not be started: is it on the PATH?', { cause })),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const reason =
        stderr.split('\n').find((line) => /npm (error|ERR!) (?!code)/.test(line)) ?? `npm ended with ${code}`
      reject(
        new DevnetInstallError(`Packages could not be fetched (${reason.trim()}): check the network and try again.`),
      )
    })
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await ensureDevnet({ log: (line) => process.stdout.write(`${line}\n`) })
    process.stdout.write('The local chain is installed.\n')
  } catch (error) {
    process.stderr.write(`${error instanceof DevnetInstallError ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
