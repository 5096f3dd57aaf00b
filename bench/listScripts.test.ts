import { expect, test } from 'vitest'
import { listScripts } from './listScripts'

test('default', () => {
  const html = `<html><head>
    <link rel="preload" as="script" fetchPriority="low" href="/a.js"/><link rel="modulepreload" href="/b.js"/>
    <link rel="preload" href="/font.woff2" as="font"/><link rel="stylesheet" href="/style.css"/>
    <script src="/a.js" async=""></script><script src="/c.js" async=""></script><script>let inline</script>
    </head></html>`
  expect(listScripts(html)).toEqual(['/a.js', '/b.js', '/c.js'])
})

test('behaviour: scripts for old browsers are left out', () => {
  expect(listScripts('<script src="/old.js" noModule=""></script>')).toEqual([])
})
