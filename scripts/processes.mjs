import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const isWindows = process.platform === 'win32'
const running = new Set()

/**
 * Starts a child process that leads a process group of its own, so that it can be ended with all that it starts.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function startProcess(command, args, options = {}) {
  const child = spawn(command, [...args], { detached: !isWindows, windowsHide: true, ...options })
  running.add(child)
  child.once('close', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return
  try {
    if (isWindows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' })
    else process.kill(-child.pid, signal)
  } catch {
    child.kill(signal)
  }
}

function isGroupAlive(child) {
  if (isWindows || child.pid === undefined) return child.exitCode === null && child.signalCode === null
  try {
    process.kill(-child.pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends a child process and all that it started: asks first, then insists. */
export async function endProcess(child, graceMs = 3_000) {
  signalGroup(child, 'SIGTERM')
  const deadline = Date.now() + graceMs
  while (isGroupAlive(child) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 25))
  if (isGroupAlive(child)) signalGroup(child, 'SIGKILL')
  running.delete(child)
}

/** Every process of this machine with its parent, as far as the system tells. */
function listParents() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name))
      .flatMap((name) => {
        try {
          // The name in parentheses may hold anything; the parent is the second word after it.
          const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
          return [[Number(name), Number(parent)]]
        } catch {
          return []
        }
      })
  } catch {
    const { stdout = '' } = isWindows ? {} : spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    return (stdout ?? '')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
  }
}

/** The ids of all that a process started, and of what those started. */
export function listDescendants(pid) {
  const parents = listParents()
  const found = new Set()
  const visit = (parent) => {
    for (const [child, itsParent] of parents) {
      if (itsParent !== parent || found.has(child)) continue
      found.add(child)
      visit(child)
    }
  }
  visit(pid)
  return [...found]
}

function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}

/** Ends every process that was started here, and then whatever is left of those that others started for us. */
export async function endProcesses() {
  await Promise.all([...running].map((child) => endProcess(child)))
  const left = listDescendants(process.pid)
  for (const pid of left) signalQuietly(pid, 'SIGTERM')
  if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 300))
  for (const pid of listDescendants(process.pid)) signalQuietly(pid, 'SIGKILL')
}

/** Last resort when this process has no time left to wait. */
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL')
})

/**
 * Runs a command to its end and keeps what it says.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onText?: (text: string) => void, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
export function runCommand(command, args, { timeoutMs, onText, ...options } = {}) {
  return new Promise((resolve) => {
    const child = startProcess(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let timedOut = false
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            void endProcess(child)
          }, timeoutMs)
    const take = (chunk) => {
      const text = String(chunk)
      output += text
      onText?.(text)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('error', (error) => {
      clearTimeout(timer)
      resolve({ code: 127, output: `${output}${error.message}\n`, timedOut })
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output, timedOut })
    })
  })
}

/** The last lines of a text, without trailing blank ones. */
export function tail(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

/**
 * Asks this process to end when its parent has ended. npm starts commands through a shell that does not pass signals on:
 * without this, ending npm would leave its command running.
 */
export function endWithParent() {
  if (isWindows || process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 200)
  timer.unref()
}

/**
 * Calls back once when this process is asked to end, and then lets it end.
 * @returns {() => void} takes the wish back
 */
export function onEndRequested(stop) {
  let asked = false
  const signals = isWindows ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  const handle = (signal) => {
    if (asked) return
    asked = true
    void Promise.resolve(stop(signal)).finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  for (const signal of signals) process.on(signal, handle)
  return () => {
    for (const signal of signals) process.off(signal, handle)
  }
}
