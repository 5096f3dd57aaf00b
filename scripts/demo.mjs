// The whole product on this machine: the local chain, the app, and one address to open.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from './build.mjs'
import { parseFlags } from './flags.mjs'
import { loadTypeScript } from './loadTypeScript.mjs'
import { root } from './paths.mjs'
import { requireFreePort } from './ports.mjs'
import { endProcess, endProcesses, endWithParent, onEndRequested, startProcess } from './processes.mjs'
import { startServer } from './serve.mjs'
import { checkNode, ensureDevnet, ensurePackages, log } from './setup.mjs'
import { printFailure, runMain, StopLine } from './stopLine.mjs'

const help = `Starts the local chain and the app on this machine.

  npm run demo -- [flags]

  --port N       where the app listens (3000)
  --rpc-port N   where the local chain listens (8545)
  --dev          serve the sources with hot reload, without a build
  --help         this text
`

/** Things to end, newest first. */
const stops = []
let isEnding = false

async function stopAll() {
  isEnding = true
  for (const stop of stops.splice(0).reverse()) {
    await Promise.race([stop(), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]).catch(() => undefined)
  }
  await endProcesses()
}

async function startChain(rpcPort) {
  await ensureDevnet()
  const { startDevnet } = await import('../devnet/startDevnet.ts')
  const starting = startDevnet({ rpcPort })
  stops.push(() => starting.then((devnet) => devnet.stop()))
  const devnet = await starting.catch((cause) => {
    throw new StopLine(`The local chain did not start. ${cause.message}`, { cause })
  })
  process.stdout.write(`Local chain at ${devnet.rpcUrl} (chain ${devnet.chainId})\n`)
  return devnet
}

function toRuntimeConfig({ chainId, rpcUrl }) {
  return { version: 1, chains: [{ chainId, rpcUrls: [rpcUrl] }] }
}

async function serveBuild(port, chain) {
  const building = build().then(({ status, seconds }) => {
    log(status === 'built' ? `Built the app in ${seconds.toFixed(1)} s` : 'The app is built already')
  })
  const [devnet] = await Promise.all([chain, building])
  const server = await startServer({ port, runtimeConfig: toRuntimeConfig(devnet) })
  stops.push(server.stop)
  return server.url
}

/** The run-time configuration on an address of its own, to which the development server passes requests on. */
async function serveConfig(runtimeConfig) {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(runtimeConfig))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${server.address().port}/ballast.config.json`
}

async function serveSources(port, chain) {
  const configUrl = await serveConfig(toRuntimeConfig(await chain))
  const child = startProcess(
    process.execPath,
    [join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'dev', '--port', String(port)],
    {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', BALLAST_CONFIG_URL: configUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  child.stdout.on('data', (chunk) => process.stderr.write(chunk))
  stops.push(() => endProcess(child))
  const ended = new Promise((_, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new StopLine('The development server ended; the lines above say why.')))
  })
  const url = `http://localhost:${port}`
  await Promise.race([ended, untilAnswered(url)])
  ended.catch(async (error) => {
    if (isEnding) return
    await stopAll()
    printFailure(error)
    process.exit(1)
  })
  return url
}

async function untilAnswered(url) {
  for (;;) {
    const answered = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

await runMain(async () => {
  checkNode()
  const flags = parseFlags(
    process.argv.slice(2),
    {
      port: { kind: 'port', fallback: 3000 },
      'rpc-port': { kind: 'port', fallback: 8545 },
      dev: { kind: 'switch' },
      help: { kind: 'switch' },
    },
    'npm run demo --',
  )
  if (flags.help) {
    process.stdout.write(help)
    return
  }
  const { port, dev, 'rpc-port': rpcPort } = flags
  if (port === rpcPort) throw new StopLine(`--port and --rpc-port are both ${port}. Choose two different ports.`)
  await requireFreePort(port, 'port')
  await requireFreePort(rpcPort, 'rpc-port')
  endWithParent()
  onEndRequested(stopAll)
  try {
    await ensurePackages()
    await loadTypeScript()
    log(
      dev ? 'Starting the local chain and the development server …' : 'Starting the local chain and building the app …',
    )
    const chain = startChain(rpcPort)
    const url = dev ? await serveSources(port, chain) : await serveBuild(port, chain)
    process.stdout.write(`Ballast is ready at ${url}\n`)
  } catch (error) {
    if (isEnding) return
    await stopAll()
    throw error
  }
})
