import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { Connector } from 'wagmi'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { AllowanceList, type AllowanceListProps } from './AllowanceList'
import type { AllowanceView } from './listAllowances'
import { examplePlan } from './testing/examplePlan'

const { swapRouter02, permit2, universalRouter } = deployment.contracts
const usdc = deployment.assets.find(({ id }) => id === 'USDC')?.poolToken
if (usdc === undefined) throw new Error('USDC is listed.')

const { account } = examplePlan
const watching = { status: 'watching', account } as const
const connected = {
  status: 'connected',
  account,
  connector: {} as Connector,
  walletChainId: deployment.chainId,
  isOnOtherChain: false,
} as const
const toRouter: AllowanceView = {
  kind: 'erc20',
  token: usdc,
  spender: swapRouter02,
  amount: 5_000_000_000n,
  isUnlimited: false,
}
const toPermit2: AllowanceView = { ...toRouter, spender: permit2, amount: 2n ** 256n - 1n, isUnlimited: true }
const grant: AllowanceView = { ...toRouter, kind: 'permit2', spender: universalRouter, expiration: 1_700_000_000 }

function draw(props: Pick<AllowanceListProps, 'session' | 'allowances'> & Partial<AllowanceListProps>) {
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <AllowanceList deployment={deployment} client={{} as ChainClient} plan={undefined} {...props} />
    </QueryClientProvider>,
  )
}
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ')

describe('AllowanceList', () => {
  test('default: who may take how much, and the way to end it', () => {
    const html = draw({ session: connected, allowances: [toRouter, toPermit2, grant] })
    const text = textOf(html)
    expect(text).toContain('5,000 USDC Uniswap SwapRouter02 Revoke USDC from Uniswap SwapRouter02')
    expect(text).toContain('Unlimited USDC Permit2, which hands it on to whom you let it')
    expect(text).toContain('through Permit2, until 2023-11-14 22:13 UTC')
    expect(html).not.toContain('disabled=""')
    expect(text).not.toContain('Lower to')
  })

  test('behaviour: with a plan, what is more than it needs can be lowered', () => {
    const text = textOf(draw({ session: connected, allowances: [toRouter], plan: examplePlan }))
    expect(text).toContain('Lower to 1,000 USDC')
  })

  test('behaviour: without the wallet, or on another chain, nothing can be changed', () => {
    const watched = draw({ session: watching, allowances: [toRouter] })
    expect(watched).toContain('disabled=""')
    expect(textOf(watched)).toContain('Connect the wallet of this account to change them.')
    const elsewhere = draw({ session: { ...connected, isOnOtherChain: true }, allowances: [toRouter] })
    expect(textOf(elsewhere)).toContain('Switch the wallet to Local chain to change them.')
  })
})
