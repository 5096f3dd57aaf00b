import type { Connector } from 'wagmi'
import { reconnect, watchConnectors } from 'wagmi/actions'
import { listenForWallets, listSharedNames } from './announcedWallets'
import { connectOnAnyChain } from './connectOnAnyChain'
import { registerDialogWallets } from './dialogWallets'
import { walletConfig } from './walletConfig'
import { watchAddress } from './watchedAddress'

/** How long an extension may take to announce itself before the page goes on without it. */
const announcementTimeoutMs = 1_000

let isSettled = false
let isStarted = false
const listeners = new Set<() => void>()

/** Calls back once it is known whether a wallet is still connected from an earlier visit. */
export function subscribeToSessionStart(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether it is known yet if a wallet is still connected from an earlier visit. */
export function isSessionSettled(): boolean {
  return isSettled
}

function settle() {
  isSettled = true
  delete document.documentElement.dataset.session
  for (const listener of listeners) listener()
}

/** A wallet found by EIP-6963 is called by a reversed domain name; those of our own list by a plain word. */
const isAnnounced = (connectorId: string) => connectorId.includes('.')

/** Waits for a wallet to announce itself, but not for long. */
function findConnector(id: string): Promise<Connector | undefined> {
  const select = () => walletConfig.connectors.find((connector) => connector.id === id)
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      stop()
      resolve(select())
    }
    const timer = setTimeout(finish, select() === undefined ? announcementTimeoutMs : 0)
    const stop = watchConnectors(walletConfig, {
      onChange: () => {
        if (select() !== undefined) finish()
      },
    })
  })
}

async function reconnectRecent() {
  const recentId = await walletConfig.storage?.getItem('recentConnectorId')
  if (recentId === undefined || recentId === null) return
  if (!isAnnounced(recentId)) await registerDialogWallets()
  const connector = await findConnector(recentId)
  // Which of them it was cannot be told: the person chooses again.
  if (listSharedNames().some(({ rdns }) => recentId.startsWith(rdns))) return
  if (connector !== undefined) await reconnect(walletConfig, { connectors: [connector] })
}

/** Finds the wallet of an earlier visit again, once for each page load. Nobody is asked for anything. */
export function startSession() {
  if (isStarted) return
  isStarted = true
  connectOnAnyChain()
  listenForWallets()
  walletConfig.subscribe(
    ({ status }) => status,
    (status) => {
      if (status === 'connected') watchAddress(undefined)
    },
  )
  reconnectRecent()
    .catch(() => undefined)
    .finally(settle)
}
