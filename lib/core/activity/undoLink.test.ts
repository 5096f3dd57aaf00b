import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeUndoFragment, parseUndoFragment } from './undoLink'

const hash = `0x${'0a'.repeat(32)}` as const

test('default', () => {
  expect(composeUndoFragment(hash)).toBe(`#undo=${hash}`)
  expect(parseUndoFragment(`#undo=${hash}`)).toBe(hash)
  expect(parseUndoFragment(composeUndoFragment(`0x${'0A'.repeat(32)}`))).toBe(hash)
})

test.each(['', '#', '#undo=', `undo=${hash}`, `#undo=${hash}0`, `#undo=${hash}&a=b`, `#undo=0x12`, `#p=${hash}`])(
  'behaviour: %j asks for nothing',
  (fragment) => {
    expect(parseUndoFragment(fragment)).toBeUndefined()
  },
)

test('property: total', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseUndoFragment(`#undo=0x${text}`)).toBeUndefined()
    }),
  )
})
