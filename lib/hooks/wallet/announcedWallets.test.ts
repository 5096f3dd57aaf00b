import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSharedNames, toAnnouncement } from './announcedWallets'

const provider = { request: async () => null }
const info = { uuid: '1', name: 'Fox', rdns: 'io.fox', icon: 'data:image/svg+xml,%3Csvg/%3E' }

describe('F-12: toAnnouncement', () => {
  test('default', () => {
    const { uuid: _, ...told } = info
    expect(toAnnouncement({ info, provider })).toEqual({ ...told, provider })
  })

  test.each([
    ['nothing', undefined],
    ['no provider', { info }],
    ['a provider that is none', { info, provider: 'x' }],
    ['no info', { provider }],
    ['info that is none', { info: null, provider }],
    ['a name that is no text', { info: { ...info, name: 1 }, provider }],
    ['a name of ours', { info: { ...info, rdns: 'demo' }, provider }],
  ])('behaviour: %s is no wallet', (_, detail) => {
    expect(toAnnouncement(detail)).toBeUndefined()
  })

  test.each(['https://example.org/icon.png', 'javascript:alert(1)', 'data:text/html,x', '', 7])(
    'behaviour: the icon %s is not shown',
    (icon) => {
      expect(toAnnouncement({ info: { ...info, icon }, provider })?.icon).toMatch(/^data:image\/svg/)
    },
  )

  test('property: anything may be announced', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (first, second) => {
        const wallet = toAnnouncement({ info: first, provider: second })
        expect((wallet?.name ?? '').length).toBeLessThanOrEqual(64)
      }),
    )
  })
})

test('behaviour: F-12 names that several go by are found, each once', () => {
  const fox = { name: 'Fox', rdns: 'io.fox' }
  expect(findSharedNames([fox])).toEqual([])
  expect(findSharedNames([fox, { name: 'Owl', rdns: 'io.owl' }, { name: 'Fox!', rdns: 'io.fox' }])).toEqual([
    { rdns: 'io.fox', names: ['Fox', 'Fox!'] },
  ])
})
