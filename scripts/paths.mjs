import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where scripts keep what can be made anew. */
export const cacheFolder = join(root, '.cache')

/** Where the static build lies. */
export const outFolder = join(root, 'out')
