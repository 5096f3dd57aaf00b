import { createAsyncMiddleware, createScaffoldMiddleware } from '@metamask/json-rpc-engine'
import type { Address } from '@/lib/core/units'
import { loadBatchPackage } from './batchPackage'
import type { Messenger } from './controllers'

const networkClientId = 'test'

/** The three methods of EIP-5792, checked and answered by MetaMask's package through hooks and controllers of ours. */
export function createBatchMiddleware({
  messenger,
  hooks,
  visibleAccounts,
  refreshTransactions,
}: {
  readonly messenger: Messenger
  readonly hooks: object
  readonly visibleAccounts: () => Address[]
  /** Looks what became of the transactions before the package reads their state. */
  readonly refreshTransactions: () => Promise<void>
}) {
  const batchPackage = loadBatchPackage()
  const { walletSendCalls, walletGetCallsStatus, walletGetCapabilities } = batchPackage
  // The package's own types need controllers that are not installed.
  const controllers = messenger as never
  const wired = hooks as never
  const getAccounts = async () => visibleAccounts()
  return createScaffoldMiddleware({
    wallet_sendCalls: createAsyncMiddleware((request, response) =>
      walletSendCalls(request as never, response as never, {
        getAccounts,
        processSendCalls: (calls, original) =>
          batchPackage.processSendCalls(wired, controllers, calls, { ...original, networkClientId } as never),
      }),
    ),
    wallet_getCallsStatus: createAsyncMiddleware((request, response) =>
      walletGetCallsStatus(request as never, response as never, {
        getCallsStatus: async (id) => {
          await refreshTransactions()
          return batchPackage.getCallsStatus(controllers, id)
        },
      }),
    ),
    wallet_getCapabilities: createAsyncMiddleware((request, response) =>
      walletGetCapabilities(request as never, response as never, {
        getAccounts,
        getCapabilities: (address, chainIds) => batchPackage.getCapabilities(wired, controllers, address, chainIds),
      }),
    ),
  })
}
