/** CRC-32 as in ISO 3309 and zlib: the remainders of all bytes by the polynomial 0xedb88320, bits reversed. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/**
 * The CRC-32 of a text in UTF-16, high bytes first. It finds a slip, not a forgery: anyone can make it again.
 * @returns eight hexadecimal digits.
 */
export function measureChecksum(text: string): string {
  let rest = 0xffffffff
  const take = (byte: number) => {
    rest = (rest >>> 8) ^ (remainders[(rest ^ byte) & 0xff] as number)
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    take(code >>> 8)
    take(code & 0xff)
  }
  return (~rest >>> 0).toString(16).padStart(8, '0')
}
