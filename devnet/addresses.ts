import { type Address, getAddress, keccak256, slice } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'

/** Contracts of Ethereum that only the local chain itself uses, at their addresses there. */
export const devnetContracts = {
  uniswapV2Router02: '0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D',
  positionManager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88',
  v4PositionManager: '0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e',
  swapRouter: '0xE592427A0AEce92De3Edee1F18E0157C05861564',
  tickLens: '0xbfd8137f7d1516D3ea5cA83523914859ec47F573',
  delegationManager: '0xdb9B1e94B5b69Df7e401DDbedE43491141047dB3',
  entryPoint: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
} as const satisfies Record<string, Address>

/** MetaMask's EIP-7702 delegate, EIP7702StatelessDeleGator. */
export const delegatorAddress: Address =
  localDeployment.trustedDelegates[0] ?? '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'

/** The aggregator that stands behind a feed here. On Ethereum it changes from time to time, so any address will do. */
export function aggregatorOf(feed: Address): Address {
  return getAddress(slice(keccak256(feed), 12))
}
