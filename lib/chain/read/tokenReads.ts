import { encodeFunctionData } from 'viem'
import { type Asset, nativeAddress, type Token } from '@/lib/core/asset'
import type { BalanceReading, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { erc20Abi, feedAbi } from '../abis'
import type { Deployment } from '../deployments/deployment'
import type { ContractRead, ReadResult } from './aggregate3'
import { findDecimalsFault, toBalanceReading } from './balanceReading'

/** The ERC-20s of a chain's assets, in the order of the list. */
export function listErc20s(assets: readonly Asset[]): readonly Token[] {
  return assets.flatMap(({ tokens }) => tokens).filter(({ address }) => address !== nativeAddress)
}

/** How many calls each ERC-20 takes: its balance, the router's allowance, its decimals. */
export const readsPerToken = 3

const decimalsData = encodeFunctionData({ abi: erc20Abi, functionName: 'decimals' })
const roundData = encodeFunctionData({ abi: feedAbi, functionName: 'latestRoundData' })

/** Asks every ERC-20 for the account's balance, what the router may spend, and its decimals. */
export function encodeTokenReads({ assets, contracts }: Deployment, account: Address): readonly ContractRead[] {
  const balanceData = encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [account] })
  const allowanceData = encodeFunctionData({
    abi: erc20Abi,
    functionName: 'allowance',
    args: [account, contracts.swapRouter02],
  })
  return listErc20s(assets).flatMap(({ address: target }) => [
    { target, data: balanceData },
    { target, data: allowanceData },
    { target, data: decimalsData },
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

/** Composes what the three calls of an ERC-20 say. Where its decimals are not those of the list, nothing counts. */
export function composeTokenReading(
  token: Token,
  answers: {
    readonly balance: ReadResult | undefined
    readonly allowance: ReadResult | undefined
    readonly decimals: ReadResult | undefined
  },
): TokenReading {
  const fault = findDecimalsFault(token, answers.decimals)
  const unusable: BalanceReading | undefined = fault === undefined ? undefined : { status: 'unreadable', reason: fault }
  return {
    token,
    balance: unusable ?? toBalanceReading(answers.balance),
    routerAllowance: unusable ?? toBalanceReading(answers.allowance),
  }
}
