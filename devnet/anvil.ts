import { type ChildProcess, spawn } from 'node:child_process'

/** Something else listens where the local chain should. */
export class DevnetPortBusyError extends Error {
  override readonly name = 'DevnetPortBusyError'
  constructor(readonly port: number) {
    super(`Port ${port} is busy: end what listens there, or choose another with --rpc-port.`)
  }
}

/** Anvil did not start. */
export class AnvilStartError extends Error {
  override readonly name = 'AnvilStartError'
  constructor(readonly output: string) {
    super(`Anvil did not start: ${output.trim().split('\n').at(-1) ?? 'no output'}`)
  }
}

/** A running Anvil. */
export type Anvil = {
  readonly port: number
  readonly pid: number
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Anvil does not notice when who started it dies. So a shell waits on the pipe from us next to it, and ends it when that
 * pipe closes, however we end; `exec` keeps the process id.
 */
const guardedStart = 'exec 3<&0; { cat <&3; kill $$; } >/dev/null 2>&1 & exec "$0" "$@" </dev/null 3<&-'

function spawnGuarded(anvilPath: string, args: readonly string[]): ChildProcess {
  if (process.platform === 'win32') return spawn(anvilPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  return spawn('/bin/sh', ['-c', guardedStart, anvilPath, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
}

/** The whole group, so that the guard ends too; it leads one of its own, so that Ctrl-C reaches us alone. */
function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (process.platform === 'win32') child.kill(name)
    else process.kill(-child.pid, name)
  } catch {
    child.kill(name)
  }
}

/**
 * Starts Anvil and answers once it listens.
 * @throws {DevnetPortBusyError} when the port is taken
 * @throws {AnvilStartError} when it ends before it listens
 */
export function startAnvil(
  anvilPath: string,
  { port, args }: { readonly port: number; readonly args: readonly string[] },
): Promise<Anvil> {
  const child = spawnGuarded(anvilPath, ['--port', String(port), ...args])
  const endWithUs = () => signal(child, 'SIGKILL')
  process.once('exit', endWithUs)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.removeListener('exit', endWithUs)
      resolve()
    })
  })

  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8')
      const listening = /Listening on [^\s:]+:(\d+)/.exec(output)
      if (listening === null || child.pid === undefined) return
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', read).resume()
      child.off('close', fail)
      resolve({
        port: Number(listening[1]),
        pid: child.pid,
        ended,
        async stop() {
          signal(child, 'SIGTERM')
          const lastResort = setTimeout(() => signal(child, 'SIGKILL'), 2_000)
          await ended
          clearTimeout(lastResort)
        },
      })
    }
    const fail = () =>
      reject(/already in use/i.test(output) ? new DevnetPortBusyError(port) : new AnvilStartError(output))
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('close', fail)
    child.once('error', (cause) => reject(new AnvilStartError(cause.message)))
  })
}
