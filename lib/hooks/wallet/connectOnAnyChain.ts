import type { Connector } from 'wagmi'
import { watchConnectors } from 'wagmi/actions'
import { walletConfig } from './walletConfig'

const prepared = new WeakSet<Connector>()

function prepare(connector: Connector) {
  if (prepared.has(connector)) return
  prepared.add(connector)
  const connect = connector.connect
  connector.connect = function (this: Connector, parameters) {
    const { chainId: _, ...rest } = parameters ?? {}
    return connect.call(this, rest)
  } as typeof connect
}

/**
 * Lets wallets connect on whatever chain they are. RainbowKit would have them change the chain, or add it, before they
 * are connected at all; here connecting only reads, and a button of its own asks for the chain.
 */
export function connectOnAnyChain() {
  walletConfig.connectors.forEach(prepare)
  watchConnectors(walletConfig, { onChange: (connectors) => connectors.forEach(prepare) })
}
