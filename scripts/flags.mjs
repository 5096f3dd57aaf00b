import { StopLine } from './stopLine.mjs'

/**
 * Reads command-line flags.
 *
 * @template {Record<string, { kind: 'switch' | 'port' | 'text', fallback?: unknown }>} Spec
 * @param {readonly string[]} args
 * @param {Spec} spec one entry for each flag, by its name without dashes
 * @param {string} command how the person calls it, for the message
 * @returns {{ [Name in keyof Spec]: any }}
 */
export function parseFlags(args, spec, command) {
  const values = Object.fromEntries(
    Object.entries(spec).map(([name, { kind, fallback }]) => [name, kind === 'switch' ? false : fallback]),
  )
  for (let index = 0; index < args.length; index += 1) {
    const [, name, inline] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(args[index]) ?? []
    if (name === undefined || !Object.hasOwn(spec, name)) {
      throw new StopLine(`Unknown argument "${args[index]}". See ${command} --help`)
    }
    if (spec[name].kind === 'switch') {
      if (inline !== undefined) throw new StopLine(`--${name} takes no value. See ${command} --help`)
      values[name] = true
      continue
    }
    const text = inline ?? args[++index]
    if (text === undefined || text === '' || (inline === undefined && text.startsWith('--'))) {
      throw new StopLine(`--${name} needs a value. See ${command} --help`)
    }
    values[name] = spec[name].kind === 'port' ? toPort(name, text) : text
  }
  return /** @type {any} */ (values)
}

function toPort(name, text) {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 1 && port <= 65_535))
    throw new StopLine(`--${name} ${text} is not a port. Use a number from 1 to 65535.`)
  return port
}
