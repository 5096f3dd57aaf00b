import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as bundle, type Rollup } from 'vite'
import { build } from '../scripts/build.mjs'
import { outFolder, root } from '../scripts/paths.mjs'
import { openPage, type Site, withSite } from './browser'
import { listScripts } from './listScripts'
import { type BenchReport, listMissed, measureAtMost, measureOnly, writeKilobytes } from './measurement'

const page = 'index.html'
/** After the last request of a page that nobody touches. */
const quietMs = 1_000

const gzipped = (content: string | Buffer) => gzipSync(content, { level: 9 }).length

function sumGzipped(paths: readonly string[]): number {
  return paths.reduce(
    (sum, path) => sum + gzipped(readFileSync(join(outFolder, new URL(path, 'http://x').pathname))),
    0,
  )
}

/** Every script that a browser fetches for a page until it is quiet and nobody has touched it. */
async function listFetchedScripts({ url, browser }: Site, visit: Parameters<typeof openPage>[1]) {
  const tab = await openPage(browser, visit)
  const paths = new Set<string>()
  tab.on('response', (response) => {
    if (response.request().resourceType() === 'script') paths.add(new URL(response.url()).pathname)
  })
  await tab.goto(url)
  if (visit.watched !== undefined) await tab.getByRole('table', { name: 'Holdings' }).waitFor()
  await tab.waitForLoadState('networkidle')
  await tab.waitForTimeout(quietMs)
  await tab.context().close()
  return [...paths]
}

/** The optimiser alone, as a bundler makes it of its sources. */
async function bundleRoutingCore(): Promise<string> {
  const output = await bundle({
    configFile: false,
    root,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: 'esbuild',
      lib: { entry: join(root, 'lib/core/routing/solveRouting.ts'), formats: ['iife'], name: 'routing' },
    },
  })
  const results = (Array.isArray(output) ? output : [output]) as readonly Rollup.RollupOutput[]
  return results
    .flatMap(({ output: files }) => files)
    .map((file) => (file.type === 'chunk' ? file.code : ''))
    .join('')
}

/** What a first visit downloads before anybody has done anything. */
export async function measureFirstLoad(): Promise<BenchReport> {
  await build()
  const html = readFileSync(join(outFolder, page), 'utf8')
  const named = listScripts(html)
  const { fetched, watching } = await withSite(async (site) => ({
    fetched: await listFetchedScripts(site, {}),
    watching: await listFetchedScripts(site, { watched: site.devnet.accounts.demo.address }),
  }))
  const routing = await bundleRoutingCore()
  const measurements = [
    measureAtMost({ name: 'scripts named by /', value: sumGzipped(named), goal: 190_000, write: writeKilobytes }),
    measureAtMost({
      name: 'scripts that Chromium fetches for / before anybody touches it',
      value: sumGzipped(fetched),
      goal: 190_000,
      write: writeKilobytes,
    }),
    measureOnly('the same while an address is watched', writeKilobytes(sumGzipped(watching))),
    measureOnly('the page itself', writeKilobytes(gzipped(html))),
    measureAtMost({ name: 'routing core', value: gzipped(routing), goal: 10_000, write: writeKilobytes }),
  ]
  return { title: 'Download (gzip)', measurements, losses: listMissed(measurements) }
}
