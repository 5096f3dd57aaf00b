import type { Deployment } from './deployment'
import { localDeployment } from './local'

/** Every chain that the product knows. */
export const deployments: readonly Deployment[] = [localDeployment]

/** A chain that no deployment describes. */
export class UnknownChainError extends Error {
  override readonly name = 'UnknownChainError'
  constructor(readonly chainId: number) {
    super(`Chain ${chainId} is not supported. Use one of: ${deployments.map((known) => known.chainId).join(', ')}.`)
  }
}

/** Selects what is known of a chain, or nothing where the chain is unknown. */
export function selectDeployment(chainId: number): Deployment | undefined {
  return deployments.find((deployment) => deployment.chainId === chainId)
}

/**
 * Takes a chain id for the deployment that describes the chain.
 * @throws {UnknownChainError} when none does.
 */
export function toDeployment(chainId: number): Deployment {
  const deployment = selectDeployment(chainId)
  if (deployment === undefined) throw new UnknownChainError(chainId)
  return deployment
}
