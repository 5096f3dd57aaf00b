import { localDeployment } from '@/lib/chain/deployments/local'
import { runMarkerAddress, runMarkerCode } from '@/lib/chain/runMarker'
import type { Hex } from '@/lib/core/units'
import { makerAccount } from './accounts'
import { type ContractCode, constructions, permit2Code } from './contracts'
import { sendBatch } from './rpc'
import { sendTransactions } from './transactions'

const constructionGas = 30_000_000n

/**
 * Puts every contract at its canonical address. Constructors run in place: the creation code stands at the address, an
 * `eth_call` gives the runtime code with the right immutables, a transaction writes storage and events, and the runtime
 * code takes the creation code's place.
 */
export async function deployContracts(
  rpcUrl: string,
  { code, chainId, runId }: { readonly code: ContractCode; readonly chainId: number; readonly runId: Hex },
): Promise<void> {
  const from = makerAccount.address
  const made = constructions(code)
  const gas = `0x${constructionGas.toString(16)}`
  const setUp = made.flatMap(({ address, initCode, creates }) => [
    { method: 'anvil_setCode', params: [address, initCode] },
    ...(creates ? [{ method: 'anvil_setNonce', params: [address, '0x1'] }] : []),
  ])
  await sendBatch(rpcUrl, setUp)
  const runtimes = await sendBatch(
    rpcUrl,
    made.map(({ address }) => ({ method: 'eth_call', params: [{ from, to: address, gas }, 'latest'] })),
  )
  await sendTransactions(rpcUrl, {
    from,
    transactions: made.map(({ address }) => ({ to: address, gas: constructionGas })),
  })
  await sendBatch(rpcUrl, [
    ...made.map(({ address }, index) => ({ method: 'anvil_setCode', params: [address, runtimes[index]] })),
    { method: 'anvil_setCode', params: [localDeployment.contracts.permit2, permit2Code(code, chainId)] },
    { method: 'anvil_setCode', params: [runMarkerAddress, runMarkerCode(runId)] },
  ])
}
