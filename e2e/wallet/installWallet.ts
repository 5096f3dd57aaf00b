import type { BrowserContext } from 'playwright/test'
import { announceProvider, bridgeName, eventName, walletName, walletRdns } from './pageProvider'
import type { TestWallet, WalletRequest } from './testWallet'

/** Puts the wallet into every page of a browser context, as an extension would. */
export async function installWallet(context: BrowserContext, wallet: TestWallet): Promise<void> {
  await context.exposeBinding(bridgeName, (_source, request: WalletRequest) => wallet.request(request))
  await context.addInitScript(announceProvider, { bridgeName, eventName, walletName, walletRdns })
  wallet.onEvent(async (event, payload) => {
    const detail = { event, payload }
    const tellings = context.pages().map((page) =>
      page.evaluate(({ name, told }) => void window.dispatchEvent(new CustomEvent(name, { detail: told })), {
        name: eventName,
        told: detail,
      }),
    )
    // A page that is being left needs no telling.
    await Promise.allSettled(tellings)
  })
}
