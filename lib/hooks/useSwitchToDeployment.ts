import { useSwitchChain } from 'wagmi'
import { useDeployment } from './useDeployment'

/** Asks the wallet to change to the chain that is shown, and to add it where the wallet does not know it. */
export function useSwitchToDeployment() {
  const { chainId, name } = useDeployment()
  const { switchChain, isPending, error, reset } = useSwitchChain()
  return { chainName: name, switchToDeployment: () => switchChain({ chainId }), isSwitching: isPending, error, reset }
}
