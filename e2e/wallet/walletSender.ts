import { type Chain, createWalletClient, defineChain, type Hex, http, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { localDeployment } from '@/lib/chain/deployments/local'
import { encodeDelegateBatch } from '@/lib/chain/wallet/delegateBatch'
import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'

/** MetaMask's EIP-7702 delegate, which runs a batch in one transaction. */
export const delegateAddress: Address =
  localDeployment.trustedDelegates[0] ?? '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'

/** What MetaMask sends with when the estimate fails: the person was warned and went on. */
const gasWhenUnknown = 5_000_000n
/** EIP-7702's price of one authorisation, and what the estimate without it did not see. */
const authorizationGas = 40_000n

const withMargin = (gas: bigint) => (gas * 12n) / 10n

function toChain(chainId: number, rpcUrl: string): Chain {
  return defineChain({
    id: chainId,
    name: 'Test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}

/** Signs and sends for one account. */
export function createSender({
  rpcUrl,
  chainId,
  privateKey,
}: {
  readonly rpcUrl: string
  readonly chainId: number
  readonly privateKey: Hex
}) {
  const account = privateKeyToAccount(privateKey)
  const chain = toChain(chainId, rpcUrl)
  const client = createWalletClient({ account, chain, transport: http(rpcUrl, { retryCount: 0 }) }).extend(
    publicActions,
  )
  const readNonce = () => client.getTransactionCount({ address: account.address, blockTag: 'pending' })

  return {
    /** The contract that the account is delegated to, if any. */
    async readDelegate(): Promise<Address | undefined> {
      const code = await client.getCode({ address: account.address })
      return code?.startsWith('0xef0100') ? `0x${code.slice(8)}` : undefined
    },
    async sendCall(call: Call, gas?: bigint): Promise<Hex> {
      const estimate = () => client.estimateGas({ account, ...call }).then(withMargin, () => gasWhenUnknown)
      return client.sendTransaction({ ...call, gas: gas ?? (await estimate()), nonce: await readNonce() })
    },
    /** All calls in one transaction of the account to itself, which also delegates it where that is still to be done. */
    async sendBatch(calls: readonly Call[], upgradeTo: Address | undefined): Promise<Hex> {
      const to = account.address
      const data = encodeDelegateBatch(calls)
      if (upgradeTo === undefined) return this.sendCall({ to, data, value: 0n })
      const code: Hex = `0xef0100${upgradeTo.slice(2)}`
      const nonce = await readNonce()
      const [authorization, gas] = await Promise.all([
        client.signAuthorization({ account, contractAddress: upgradeTo, chainId, nonce: nonce + 1 }),
        client
          .estimateGas({ account: to, to, data, stateOverride: [{ address: to, code }] })
          .then(withMargin, () => gasWhenUnknown),
      ])
      return client.sendTransaction({
        to,
        data,
        nonce,
        authorizationList: [authorization],
        gas: gas + authorizationGas,
      })
    },
  }
}

/** Signs and sends for one account. */
export type Sender = ReturnType<typeof createSender>
