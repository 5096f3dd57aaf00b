import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readTarball } from './tarball.mjs'

function entry(path: string, content: string, { type = '0', prefix = '' } = {}): Buffer {
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write(type, 156)
  header.write(prefix, 345)
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.write(content)
  return Buffer.concat([header, body])
}

function tarball(...entries: Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]))
}

const text = (files: Map<string, Buffer>) =>
  Object.fromEntries([...files].map(([path, content]) => [path, content.toString('utf8')]))

test('default', () => {
  const packed = tarball(
    entry('package/a.json', 'x'.repeat(700)),
    entry('package/b/c.txt', 'hello'),
    entry('package/d', 'no'),
  )
  expect(text(readTarball(packed, ['b/c.txt', 'a.json']))).toEqual({ 'a.json': 'x'.repeat(700), 'b/c.txt': 'hello' })
})

test('behaviour: long paths, split or in a record of their own', () => {
  const long = `package/${'deep/'.repeat(30)}file.json`
  const record = `${String(long.length + 10)} path=${long}\n`
  const packed = tarball(
    entry('file.json', 'split', { prefix: 'package/some' }),
    entry('PaxHeader/x', record, { type: 'x' }),
    entry('short', 'pax'),
    entry('././@LongLink', `${long.replace('file', 'other')}\0`, { type: 'L' }),
    entry('short', 'gnu'),
  )
  const deep = 'deep/'.repeat(30)
  expect(text(readTarball(packed, ['some/file.json', `${deep}file.json`, `${deep}other.json`]))).toEqual({
    'some/file.json': 'split',
    [`${deep}file.json`]: 'pax',
    [`${deep}other.json`]: 'gnu',
  })
})

test('behaviour: what is not there is not in the answer', () => {
  expect(readTarball(tarball(entry('package/a', '1')), ['b']).size).toBe(0)
})
