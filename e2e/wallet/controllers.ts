import { rpcErrors } from '@metamask/rpc-errors'
import { type Hex, numberToHex } from 'viem'
import { localChainId } from '@/lib/chain/deployments/local'
import type { DevnetAccount } from '../../devnet/accounts'

/** A transaction as MetaMask's controller keeps it, as far as the status of a batch is made from it. */
export type TransactionMeta = {
  readonly batchId: Hex
  readonly chainId: Hex
  readonly hash: Hex
  readonly status: 'submitted' | 'confirmed' | 'failed'
  readonly txReceipt?: unknown
}

/** The controllers' state, as MetaMask's package asks for it. */
export function createMessenger(
  read: () => {
    readonly selected: DevnetAccount
    readonly accounts: readonly DevnetAccount[]
    readonly chainId: number
    readonly transactions: readonly TransactionMeta[]
  },
) {
  const call = (action: string) => {
    const { selected, accounts, chainId, transactions } = read()
    switch (action) {
      case 'NetworkController:getNetworkClientById':
        return { configuration: { chainId: numberToHex(chainId) } }
      case 'NetworkController:getState':
        return { networkConfigurationsByChainId: { [numberToHex(localChainId)]: {} } }
      case 'AccountsController:getSelectedAccount':
        return { address: selected.address }
      case 'AccountsController:getState':
        return {
          internalAccounts: {
            accounts: Object.fromEntries(
              accounts.map(({ address }) => [address, { address, metadata: { keyring: { type: 'HD Key Tree' } } }]),
            ),
          },
        }
      case 'PreferencesController:getState':
        return { useTransactionSimulations: true }
      case 'TransactionController:getState':
        return { transactions }
      default:
        throw rpcErrors.internal(`The test wallet has no controller for ${action}.`)
    }
  }
  return { call }
}

/** Answers what MetaMask's package asks its controllers. */
export type Messenger = ReturnType<typeof createMessenger>
