import { join } from 'node:path'
import { root } from './paths.mjs'

/** Lets this process import TypeScript files of the project, once the packages are there. */
export async function loadTypeScript() {
  process.env.TSX_TSCONFIG_PATH ??= join(root, 'tsconfig.json')
  const { register } = await import('tsx/esm/api')
  register()
}
