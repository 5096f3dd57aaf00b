import { injected } from 'wagmi'
import { walletConfig } from './walletConfig'

/** A wallet as it announces itself (EIP-6963). All but the provider is its own word. */
type Announcement = {
  readonly name: string
  readonly icon: string
  readonly rdns: string
  readonly provider: object
}

/** A name that several wallets of this browser go by. */
export type SharedName = { readonly rdns: string; readonly names: readonly string[] }

/** More than anybody has; what comes after is left out. */
const mostWallets = 32
const longestText = 64
const iconPattern = /^data:image\//
const plainIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path fill="#8a8f98" d="M0 0h28v28H0z"/></svg>',
)}`

let announced: readonly Announcement[] = []
let shared: readonly SharedName[] = []
let isListening = false
const listeners = new Set<() => void>()

/** Reads an announcement. Anything may be sent under its name: what is not one is nothing. */
export function toAnnouncement(detail: unknown): Announcement | undefined {
  if (typeof detail !== 'object' || detail === null || !('info' in detail) || !('provider' in detail)) return undefined
  const { info, provider } = detail
  if (typeof provider !== 'object' || provider === null || typeof info !== 'object' || info === null) return undefined
  const { name, icon, rdns } = info as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || typeof rdns !== 'string' || !rdns.includes('.')) return undefined
  return {
    name: name.slice(0, longestText),
    rdns: rdns.slice(0, longestText),
    icon: typeof icon === 'string' && iconPattern.test(icon.trim()) ? icon : plainIcon,
    provider,
  }
}

/** The names under which more than one wallet announced itself. */
export function findSharedNames(wallets: readonly Pick<Announcement, 'name' | 'rdns'>[]): readonly SharedName[] {
  return [...new Set(wallets.map(({ rdns }) => rdns))]
    .map((rdns) => ({ rdns, names: wallets.filter((wallet) => wallet.rdns === rdns).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 1)
}

function add(wallet: Announcement): void {
  const isKnown = announced.some(({ provider, rdns }) => provider === wallet.provider && rdns === wallet.rdns)
  if (isKnown || announced.length >= mostWallets) return
  const earlier = announced.filter(({ rdns }) => rdns === wallet.rdns).length
  announced = [...announced, wallet]
  shared = findSharedNames(announced)
  const id = earlier === 0 ? wallet.rdns : `${wallet.rdns}#${earlier + 1}`
  const name = earlier === 0 ? wallet.name : `${wallet.name} (${earlier + 1})`
  // wagmi's type wants its own provider; it asks no more of it than EIP-1193 does.
  const target = { id, name, icon: wallet.icon, provider: wallet.provider as never }
  const { connectors } = walletConfig._internal
  connectors.setState((known) => [...known, connectors.setup(injected({ target }))])
  for (const listener of listeners) listener()
}

/**
 * Lists every wallet that announces itself, also those that go by the name of another: who came first is not who is honest. wagmi's own
 * search would keep one of them and drop the rest.
 */
export function listenForWallets(): void {
  if (isListening) return
  isListening = true
  window.addEventListener('eip6963:announceProvider', (event) => {
    const wallet = toAnnouncement((event as CustomEvent<unknown>).detail)
    if (wallet !== undefined) add(wallet)
  })
  window.dispatchEvent(new Event('eip6963:requestProvider'))
}

/** Calls back when another wallet has announced itself. Returns how to stop. */
export function subscribeToSharedNames(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The names that several wallets of this browser go by at the moment. */
export function listSharedNames(): readonly SharedName[] {
  return shared
}
