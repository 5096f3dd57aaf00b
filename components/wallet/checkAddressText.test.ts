import { describe, expect, it } from 'vitest'
import { checkAddressText } from './checkAddressText'

const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

describe('checkAddressText', () => {
  it('default', () => {
    expect(checkAddressText(` ${address}\n`)).toEqual({ status: 'address', address })
  })

  it('behaviour: takes addresses that carry no checksum', () => {
    expect(checkAddressText(address.toLowerCase())).toEqual({ status: 'address', address })
    expect(checkAddressText(`0x${address.slice(2).toUpperCase()}`)).toEqual({ status: 'address', address })
  })

  it('behaviour: refuses a wrong checksum', () => {
    expect(checkAddressText(address.replace('0xf39F', '0xF39f'))).toEqual({ status: 'wrongChecksum' })
  })

  it('behaviour: refuses what is no address', () => {
    expect(checkAddressText('')).toEqual({ status: 'empty' })
    for (const text of ['0x123', `${address}0`, address.slice(2), 'vitalik.eth', address.replace('0x', '0х')]) {
      expect(checkAddressText(text)).toEqual({ status: 'notAddress' })
    }
  })
})
