import { type Address, encodeFunctionData } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import { erc20Abi, wethAbi } from '../abis'
import { makerAccount } from '../accounts'
import { type RunningChain, readContract } from '../calls'
import { sendBatch, sendRpc } from '../rpc'
import { sendTransactions } from '../transactions'

const { wrappedNative } = localDeployment.contracts
const transferGas = 200_000n

/** What an account holds of an ERC-20, or of ether under the native pseudo-address. */
export async function erc20Balance(chain: RunningChain, token: Address, owner: Address): Promise<bigint> {
  if (token === nativeAddress)
    return BigInt((await sendRpc(chain.rpcUrl, 'eth_getBalance', [owner, 'latest'])) as string)
  return readContract(chain, { address: token, abi: erc20Abi, functionName: 'balanceOf', args: [owner] })
}

/** What a spender may take of an owner's tokens. */
export async function erc20Allowance(
  chain: RunningChain,
  { token, owner, spender }: { readonly token: Address; readonly owner: Address; readonly spender: Address },
): Promise<bigint> {
  return readContract(chain, { address: token, abi: erc20Abi, functionName: 'allowance', args: [owner, spender] })
}

/** Does something as an account whose key the node does not have. */
export async function asAccount(chain: RunningChain, account: Address, act: () => Promise<void>): Promise<void> {
  await sendRpc(chain.rpcUrl, 'anvil_impersonateAccount', [account])
  try {
    await act()
  } finally {
    await sendRpc(chain.rpcUrl, 'anvil_stopImpersonatingAccount', [account])
  }
}

/**
 * Makes an account hold exactly so much of a token: what is missing is minted, what is too much is sent away by the
 * account itself (its nonce rises). Ether is simply set.
 */
export async function dealToken(
  chain: RunningChain,
  { token, account, amount }: { readonly token: Address; readonly account: Address; readonly amount: bigint },
): Promise<void> {
  const { rpcUrl } = chain
  if (token === nativeAddress) {
    await sendBatch(rpcUrl, [
      { method: 'anvil_setBalance', params: [account, `0x${amount.toString(16)}`] },
      { method: 'evm_mine', params: [] },
    ])
    return
  }
  const held = await erc20Balance(chain, token, account)
  const maker = makerAccount.address
  const transfer = (to: Address, value: bigint) => ({
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, value] }),
    gas: transferGas,
  })
  if (held > amount) {
    await asAccount(chain, account, () =>
      sendTransactions(rpcUrl, { from: account, transactions: [transfer(maker, held - amount)] }),
    )
  } else if (held < amount) {
    const missing = amount - held
    const deposit = { to: token, data: encodeFunctionData({ abi: wethAbi, functionName: 'deposit' }), gas: transferGas }
    const mint = encodeFunctionData({ abi: erc20Abi, functionName: 'mint', args: [account, missing] })
    await sendTransactions(rpcUrl, {
      from: maker,
      transactions:
        token === wrappedNative
          ? [{ ...deposit, value: missing }, transfer(account, missing)]
          : [{ to: token, data: mint, gas: transferGas }],
    })
  }
}
