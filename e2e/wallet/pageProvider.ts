/** Name of the binding that carries a request out of the page. */
export const bridgeName = '__testWalletRequest'

/** Name of the DOM event that carries the wallet's own events into the page. */
export const eventName = 'test-wallet-event'

/** What the wallet calls itself. */
export const walletName = 'Test wallet'

/** Reversed domain name of the wallet, by which pages remember it. */
export const walletRdns = 'test.ballast.wallet'

/**
 * Runs in the page before anything of it: announces a provider by EIP-6963 whose requests go over the bridge. A refusal is thrown
 * again in the page, with its code.
 */
export function announceProvider(names: {
  readonly bridgeName: string
  readonly eventName: string
  readonly walletName: string
  readonly walletRdns: string
}): void {
  type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } } | { thrown: unknown }
  type Listener = (payload: unknown) => void
  const bridge = (window as unknown as Record<string, (request: unknown) => Promise<Answer>>)[names.bridgeName]
  if (bridge === undefined || window.top !== window) return
  const listeners = new Map<string, Set<Listener>>()

  const provider = Object.freeze({
    async request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
      // What a page hands over may be frozen or proxied: only its JSON crosses.
      const answer = await bridge(JSON.parse(JSON.stringify({ method, params })))
      if ('result' in answer) return answer.result
      if ('thrown' in answer) throw answer.thrown
      const { code, message, data } = answer.error
      throw Object.assign(new Error(message), { code, data })
    },
    on(event: string, listener: Listener) {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener)
    },
  })

  window.addEventListener(names.eventName, (received) => {
    const { event, payload } = (received as CustomEvent<{ event: string; payload: unknown }>).detail
    for (const listener of [...(listeners.get(event) ?? [])]) listener(payload)
  })

  const icon = `data:image/svg+xml,${encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path fill="#3b4a5a" d="M0 0h28v28H0z"/></svg>',
  )}`
  const info = Object.freeze({
    uuid: '5b6f8a3e-7d0c-4c1f-9a52-2f4c6e1d8b70',
    name: names.walletName,
    icon,
    rdns: names.walletRdns,
  })
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
