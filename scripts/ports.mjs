import { connect, createServer } from 'node:net'
import { StopLine } from './stopLine.mjs'

const loopbacks = ['127.0.0.1', '::1']

function answers(port, host) {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    const end = (busy) => {
      socket.destroy()
      resolve(busy)
    }
    socket.setTimeout(500, () => end(true))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** Whether somebody else listens on a port of this machine, or keeps us from it. */
async function portState(port) {
  for (const host of loopbacks) if (await answers(port, host)) return 'busy'
  const code = await canListen(port, '127.0.0.1')
  if (code === undefined) return 'free'
  return code === 'EACCES' ? 'forbidden' : 'busy'
}

/**
 * Makes sure that a port is free, before any slow work.
 * @throws {StopLine} when it is not.
 */
export async function requireFreePort(port, flag) {
  const state = await portState(port)
  if (state === 'busy')
    throw new StopLine(`Port ${port} is in use. Stop what listens there, or choose another with --${flag}.`)
  if (state === 'forbidden')
    throw new StopLine(`Port ${port} is not allowed for this user. Choose another with --${flag}.`)
}
