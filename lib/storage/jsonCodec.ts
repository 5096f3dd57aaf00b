const bigintTag = '$bigint'

/** Writes JSON in which bigints survive: `12n` becomes `{"$bigint":"12"}`. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? { [bigintTag]: part.toString() } : part,
  )
}

function isTaggedBigint(value: unknown): value is { readonly [bigintTag]: string } {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  const [entry] = entries
  return entries.length === 1 && entry?.[0] === bigintTag && typeof entry[1] === 'string' && /^-?\d+$/.test(entry[1])
}

/**
 * Reads what {@link encodeJson} wrote.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => (isTaggedBigint(part) ? BigInt(part[bigintTag]) : part))
}
