import { describe, expect, test } from 'vitest'
import { endProcess, listDescendants, runCommand, startProcess, tail } from './processes.mjs'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A process that starts another, says its id, and takes no request to end. */
const parent = `
  process.on('SIGTERM', () => {})
  const child = require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"])
  console.log(child.pid)
  setInterval(() => {}, 1000)
`

describe('endProcess', () => {
  test('behaviour: ends a process and what it started, though they would not', async () => {
    const child = startProcess(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
    const grandchild = Number(await new Promise((resolve) => child.stdout?.once('data', resolve)))
    expect(isAlive(grandchild)).toBe(true)
    expect(listDescendants(process.pid)).toEqual(expect.arrayContaining([child.pid, grandchild]))
    const closed = new Promise((resolve) => child.once('close', resolve))
    await endProcess(child, 200)
    await closed
    await expect.poll(() => isAlive(grandchild)).toBe(false)
  })
})

describe('runCommand', () => {
  test('default', async () => {
    const script = "console.log('out'); console.error('err'); process.exit(3)"
    const { code, output, timedOut } = await runCommand(process.execPath, ['-e', script])
    expect([code, timedOut]).toEqual([3, false])
    expect(output).toContain('out')
    expect(output).toContain('err')
  })

  test('behaviour: a command that does not exist is a failure, not an exception', async () => {
    expect((await runCommand('no-such-command-here', [])).code).toBe(127)
  })

  test('behaviour: a command that takes too long is ended', async () => {
    const { timedOut, code } = await runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      timeoutMs: 200,
    })
    expect(timedOut).toBe(true)
    expect(code).not.toBe(0)
  })
})

test('behaviour: tail takes the last lines', () => {
  expect(tail('a\nb\nc\n\n', 2)).toBe('b\nc')
})
