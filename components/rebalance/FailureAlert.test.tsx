import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { StaleHeadError } from '@/lib/chain/appErrors'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { SourceDisagreement } from '@/lib/core/sources/compareSources'
import { SourcesDisagreeError, WalletUnreadableError } from '@/lib/query/secondOpinion'
import { FailureAlert } from './FailureAlert'
import { type Problem, toProblem } from './problem'

const { assets, name: chainName } = localDeployment
const usdc = assets.find(({ id }) => id === 'USDC')?.poolToken
if (usdc === undefined) throw new Error('USDC is listed.')

const balance: SourceDisagreement = {
  kind: 'balance',
  assetId: 'USDC',
  token: usdc.address,
  symbol: 'USDC',
  ours: 20_000_000_000n,
  wallets: 10_000_000_000n,
}
const pool: SourceDisagreement = { kind: 'pool', id: '0x01', assetIds: ['LINK', 'ETH'] }

const draw = (problem: Problem) =>
  renderToStaticMarkup(<FailureAlert problem={problem} chainName={chainName} assets={assets} />)
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ')

describe('FailureAlert', () => {
  test('default', () => {
    const html = draw(toProblem(new StaleHeadError(90, 60)))
    expect(html).toContain('role="alert" data-error-code="staleHead"')
    expect(html).not.toContain('Where they disagree')
  })

  test('behaviour: F-30 two sources that disagree are shown with both figures and what to do', () => {
    const html = draw(toProblem(new SourcesDisagreeError([balance])))
    expect(html).toContain('role="alert" data-error-code="sourcesDisagree"')
    const text = textOf(html)
    expect(text).toContain('Your USDC balance Your wallet: 10,000 USDC Our node: 20,000 USDC')
    expect(text).toContain('Nothing was sent.')
    expect(text).toContain('choose another endpoint in your wallet')
  })

  test('behaviour: of many disagreements those with figures come first, and the rest is counted', () => {
    const text = textOf(draw(toProblem(new SourcesDisagreeError([pool, pool, pool, pool, balance, pool]))))
    expect(text.indexOf('Your USDC balance')).toBeLessThan(text.indexOf('The pool of LINK and ETH'))
    expect(text.match(/The pool of LINK and ETH/g)).toHaveLength(3)
    expect(text).toContain('And 2 more.')
  })

  test('behaviour: a wallet through which nothing can be read is told apart from a chain that is out of reach', () => {
    const html = draw(toProblem(new WalletUnreadableError()))
    expect(html).toContain('data-error-code="walletUnreadable"')
    expect(textOf(html)).toContain('Nothing was sent.')
    expect(draw({ failure: 'unreachable' })).toContain('data-error-code="unreachable"')
  })

  test('behaviour: a no in the wallet is no alert', () => {
    expect(draw({ failure: 'rejected' })).not.toContain('role="alert"')
  })
})
