import type { Wallet } from '@rainbow-me/rainbowkit'
import { injected } from 'wagmi'
import { localChainId } from '@/lib/chain/deployments/local'
import { queryClient } from '@/lib/query/queryClient'
import { runtimeConfigQuery } from '@/lib/query/runtimeConfigQuery'
import { standInForStorage } from '@/lib/storage/browserStorage'
import { confirmDemoRequest } from './demoPrompt'
import { walletConfig } from './walletConfig'

const groupName = 'Wallets'

/** Name under which the demo wallet is remembered. */
export const demoWalletId = 'demo'

const demoIcon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path fill="#0b5d5a" d="M0 0h28v28H0z"/><path stroke="#fff" stroke-width="2.2" stroke-linecap="round" d="M4.5 12h19"/><path fill="#fff" d="M7.5 15.5a6.5 6.5 0 0 0 13 0Z"/><circle cx="14" cy="7.6" r="1.7" fill="#fff"/></svg>',
)}`

/** The demo wallet where the app is served beside the local chain, and nowhere else. */
async function makeDemoWallet(): Promise<(() => Wallet) | undefined> {
  const config = await queryClient.ensureQueryData(runtimeConfigQuery()).catch(() => undefined)
  const rpcUrl = config?.chains.find(({ chainId }) => chainId === localChainId)?.rpcUrls[0]
  if (rpcUrl === undefined) return undefined
  const { createDemoWallet } = await import('@/lib/chain/wallet/demoWallet')
  const provider = createDemoWallet({ rpcUrl, confirm: confirmDemoRequest })
  return () => ({
    id: demoWalletId,
    name: 'Demo wallet',
    iconUrl: demoIcon,
    iconBackground: '#0b5d5a',
    installed: true,
    createConnector: (details) => (config) => ({
      ...injected({ target: () => ({ id: demoWalletId, name: 'Demo wallet', provider }) })(config),
      ...details,
    }),
  })
}

function isInjectedBy(flag: string): boolean {
  const provider: unknown = 'ethereum' in window ? window.ethereum : undefined
  return typeof provider === 'object' && provider !== null && flag in provider
}

/** A wallet of RainbowKit's list reached through what the browser extension injects, without the maker's SDK. */
function toInjectedWallet(wallet: Wallet, target: 'metaMask' | 'rabby'): () => Wallet {
  const isInjected = isInjectedBy(target === 'metaMask' ? 'isMetaMask' : 'isRabby')
  const { id, name, rdns, iconUrl, iconBackground, iconAccent, downloadUrls, extension } = wallet
  return () => ({
    id,
    name,
    iconUrl,
    iconBackground,
    installed: isInjected,
    ...(rdns === undefined ? {} : { rdns }),
    ...(iconAccent === undefined ? {} : { iconAccent }),
    ...(downloadUrls === undefined ? {} : { downloadUrls }),
    ...(extension === undefined ? {} : { extension }),
    createConnector: (details) => (config) => ({ ...injected({ target })(config), ...details }),
  })
}

async function register() {
  // RainbowKit reads and writes localStorage without a second thought.
  standInForStorage()
  const [{ connectorsForWallets }, { injectedWallet, metaMaskWallet, rabbyWallet }, demoWallet] = await Promise.all([
    import('@rainbow-me/rainbowkit'),
    import('@rainbow-me/rainbowkit/wallets'),
    makeDemoWallet(),
  ])
  const metaMask = toInjectedWallet(metaMaskWallet({ projectId: 'unused' }), 'metaMask')
  const rabby = toInjectedWallet(rabbyWallet(), 'rabby')
  const demo = demoWallet === undefined ? [] : [demoWallet]
  const unnamed = 'ethereum' in window ? [injectedWallet] : []
  const wallets = [...demo, metaMask, rabby, ...unnamed]
  const factories = connectorsForWallets([{ groupName, wallets }], { appName: 'Ballast', projectId: 'unused' })
  const { connectors } = walletConfig._internal
  connectors.setState((known) => [...known, ...factories.map(connectors.setup)])
}

let registration: Promise<void> | undefined

/** Adds the wallets of the dialog's own list to those that announce themselves. Further calls change nothing. */
export function registerDialogWallets(): Promise<void> {
  registration ??= register()
  return registration
}
