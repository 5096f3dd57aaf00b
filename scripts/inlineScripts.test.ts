import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashInlineScripts, prependInlineScript } from './inlineScripts.mjs'

const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

describe('hashInlineScripts', () => {
  test('default', () => {
    const html = `<head><script>first()</script><script src="/a.js" async=""></script></head><body><script id="x">second("é")</script></body>`
    expect(hashInlineScripts(html)).toEqual([hash('first()'), hash('second("é")')])
  })

  test('behaviour: hashes an empty script, line ends and all', () => {
    expect(hashInlineScripts('<script></script><script>\n a \n</script>')).toEqual([hash(''), hash('\n a \n')])
  })

  test('behaviour: names a script that stands twice once, and data blocks not at all', () => {
    const html =
      '<script>a</script><script>a</script><script type="application/ld+json">{}</script><script type=module>b</script>'
    expect(hashInlineScripts(html)).toEqual([hash('a'), hash('b')])
  })

  test('behaviour: an attribute that only ends in src is no source', () => {
    expect(hashInlineScripts('<script data-src="/a.js">a</script>')).toEqual([hash('a')])
  })
})

describe('prependInlineScript', () => {
  test('default', () => {
    expect(prependInlineScript('<html><head lang="en"><meta/></head>', 'a()')).toBe(
      '<html><head lang="en"><script>a()</script><meta/></head>',
    )
  })

  test('behaviour: twice is once', () => {
    const once = prependInlineScript('<head></head>', 'a()')
    expect(prependInlineScript(once, 'a()')).toBe(once)
  })

  test('behaviour: <header> is no <head>', () => {
    expect(() => prependInlineScript('<header></header>', 'a()')).toThrow('<head>')
  })
})
