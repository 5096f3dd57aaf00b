const replacement = 0xfffd

/** A text as UTF-8 bytes, one list for each character (code point). Half of a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): readonly (readonly number[])[] {
  return [...text].map((character) => {
    const point = character.codePointAt(0) ?? replacement
    return encodePoint(point >= 0xd800 && point <= 0xdfff ? replacement : point)
  })
}

function encodePoint(point: number): readonly number[] {
  const tail = (shift: number) => 0x80 | ((point >> shift) & 0x3f)
  if (point < 0x80) return [point]
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)]
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)]
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)]
}
