// Runs a TypeScript file of this project: node scripts/run.mjs FILE ARGS...
// Sets up what is missing first. Everything said here goes to stderr: stdout belongs to the file.
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadTypeScript } from './loadTypeScript.mjs'
import { root } from './paths.mjs'
import { endProcesses, endWithParent, onEndRequested } from './processes.mjs'
import { checkNode, ensurePackages } from './setup.mjs'
import { runMain, StopLine } from './stopLine.mjs'

await runMain(async () => {
  checkNode()
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) throw new StopLine('Usage: node scripts/run.mjs FILE ARGS...')
  const path = isAbsolute(file) ? file : join(root, file)
  if (!existsSync(path)) throw new StopLine(`There is no file ${file}.`)
  endWithParent()
  const releaseSignals = onEndRequested(endProcesses)
  await ensurePackages()
  await loadTypeScript()
  releaseSignals()
  process.argv = [process.argv[0], path, ...args]
  await import(pathToFileURL(path).href)
})
