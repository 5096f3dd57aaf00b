import { describe, expect, it } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Address } from '@/lib/core/units'
import { nameContract } from './nameContract'

describe('nameContract', () => {
  it('default', () => {
    expect(nameContract(localDeployment.contracts.swapRouter02, localDeployment)).toBe('Uniswap SwapRouter02')
    expect(nameContract(localDeployment.contracts.universalRouter, localDeployment)).toBe('Uniswap Universal Router')
    expect(nameContract(localDeployment.contracts.wrappedNative, localDeployment)).toBe('WETH token')
  })

  it('behaviour: the case of the address does not matter, and what is not known has no name', () => {
    const lowered = localDeployment.contracts.permit2.toLowerCase() as Address
    expect(nameContract(lowered, localDeployment)).toBe('Permit2')
    expect(nameContract('0x00000000000000000000000000000000000000aa', localDeployment)).toBeUndefined()
  })
})
