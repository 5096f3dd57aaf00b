import { encodeFunctionData } from 'viem'
import { type Asset, nativeAddress, type Token } from '@/lib/core/asset'
import type { BalanceReading, Permit2Reading, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { erc20Abi, feedAbi, permit2Abi } from '../abis'
import type { Deployment } from '../deployments/deployment'
import type { ContractRead, ReadResult } from './aggregate3'
import { findDecimalsFault, findSupplyFault, toBalanceReading, toPermit2Reading } from './balanceReading'

/** The ERC-20s of a chain's assets, in the order of the list. */
export function listErc20s(assets: readonly Asset[]): readonly Token[] {
  return assets.flatMap(({ tokens }) => tokens).filter(({ address }) => address !== nativeAddress)
}

/**
 * How many calls each ERC-20 takes: its balance, its decimals, what there is of it, what SwapRouter02, Permit2 and the Universal
 * Router may spend.
 */
export const readsPerToken = 6

const decimalsData = encodeFunctionData({ abi: erc20Abi, functionName: 'decimals' })
const supplyData = encodeFunctionData({ abi: erc20Abi, functionName: 'totalSupply' })
const roundData = encodeFunctionData({ abi: feedAbi, functionName: 'latestRoundData' })

/**
 * Asks every ERC-20 for the account's balance, its decimals, what there is of it and what SwapRouter02 and Permit2 may spend; and
 * Permit2 itself.
 */
export function encodeTokenReads({ assets, contracts }: Deployment, account: Address): readonly ContractRead[] {
  const { permit2, swapRouter02, universalRouter } = contracts
  const allowanceOf = (spender: Address) =>
    encodeFunctionData({ abi: erc20Abi, functionName: 'allowance', args: [account, spender] })
  const balanceData = encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [account] })
  const routerData = allowanceOf(swapRouter02)
  const permit2Data = allowanceOf(permit2)
  return listErc20s(assets).flatMap(({ address: target }) => [
    { target, data: balanceData },
    { target, data: decimalsData },
    { target, data: supplyData },
    { target, data: routerData },
    { target, data: permit2Data },
    {
      target: permit2,
      data: encodeFunctionData({
        abi: permit2Abi,
        functionName: 'allowance',
        args: [account, target, universalRouter],
      }),
    },
  ])
}

/** Asks every feed for its latest round and its decimals. */
export function encodeFeedReads(assets: readonly Asset[]): readonly ContractRead[] {
  return assets.flatMap(({ feed }) =>
    feed === undefined
      ? []
      : [
          { target: feed.address, data: roundData },
          { target: feed.address, data: decimalsData },
        ],
  )
}

/** The reading of the native coin: nothing can be allowed of it. */
export function composeNativeReading(token: Token, balance: ReadResult | undefined): TokenReading {
  const nothing: BalanceReading = { status: 'known', amount: 0n }
  return {
    token,
    balance: toBalanceReading(balance),
    routerAllowance: nothing,
    permit2Allowance: nothing,
    universalRouterGrant: { status: 'known', amount: 0n, expiration: 0 },
  }
}

/**
 * Composes what the calls of an ERC-20 say, in the order of {@link encodeTokenReads}. Where its decimals are not those of the list, or
 * somebody holds more than there is, nothing counts.
 */
export function composeTokenReading(token: Token, answers: readonly (ReadResult | undefined)[]): TokenReading {
  const [balance, decimals, supply, routerAllowance, permit2Allowance, grant] = answers
  const fault = findDecimalsFault(token, decimals) ?? findSupplyFault(balance, supply)
  const unusable: (BalanceReading & Permit2Reading) | undefined =
    fault === undefined ? undefined : { status: 'unreadable', reason: fault }
  return {
    token,
    balance: unusable ?? toBalanceReading(balance),
    routerAllowance: unusable ?? toBalanceReading(routerAllowance),
    permit2Allowance: unusable ?? toBalanceReading(permit2Allowance),
    universalRouterGrant: unusable ?? toPermit2Reading(grant),
  }
}
