import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Address } from '@/lib/core/units'

const contractNames: Record<keyof Deployment['contracts'], string> = {
  wrappedNative: 'WETH',
  multicall3: 'Multicall3',
  permit2: 'Permit2',
  uniswapV2Factory: 'Uniswap v2 factory',
  uniswapV3Factory: 'Uniswap v3 factory',
  swapRouter02: 'Uniswap SwapRouter02',
  quoterV2: 'Uniswap QuoterV2',
  tickLens: 'Uniswap TickLens',
  universalRouter: 'Uniswap Universal Router',
  v4PoolManager: 'Uniswap v4 PoolManager',
  v4StateView: 'Uniswap v4 StateView',
  v4Quoter: 'Uniswap v4 Quoter',
}

const isSame = (a: Address, b: Address) => a.toLowerCase() === b.toLowerCase()

/** The name of a known contract or listed token at an address, or nothing. */
export function nameContract(address: Address, { assets, contracts }: Pick<Deployment, 'assets' | 'contracts'>) {
  const token = assets.flatMap(({ tokens }) => tokens).find((known) => isSame(known.address, address))
  if (token !== undefined) return `${token.symbol} token`
  const names = Object.keys(contractNames) as (keyof typeof contractNames)[]
  const known = names.find((name) => isSame(contracts[name], address))
  return known === undefined ? undefined : contractNames[known]
}
