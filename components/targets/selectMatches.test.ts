import { describe, expect, it } from 'vitest'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { selectMatches } from './selectMatches'

const [uni, link, usdc] = [buildAsset('UNI'), buildAsset('LINK'), buildAsset('USDC')]
const assets = [etherAsset, usdc, link, uni]

describe('selectMatches', () => {
  it('default', () => {
    expect(selectMatches(assets, '')).toEqual(assets)
    expect(selectMatches(assets, 'u')).toEqual([usdc, uni])
    expect(selectMatches(assets, ' uni ')).toEqual([uni])
  })

  it('behaviour: finds an asset by any of its tokens, by name and by address', () => {
    expect(selectMatches(assets, 'weth')).toEqual([etherAsset])
    expect(selectMatches(assets, 'ether')).toEqual([etherAsset])
    expect(selectMatches(assets, link.tokens[0].address.toUpperCase().replace('0X', '0x'))).toEqual([link])
  })

  it('behaviour: finds nothing for what is not listed', () => {
    expect(selectMatches(assets, 'doge')).toEqual([])
  })
})
