import * as v from 'valibot'

/** Where the configuration lies: beside the app, on its own origin. */
export const runtimeConfigPath = '/ballast.config.json'

const httpUrl = v.pipe(
  v.string('must be a text'),
  v.check(isHttpUrl, 'must be an http:// or https:// address without user name and password'),
)

const chainSchema = v.strictObject({
  chainId: v.pipe(
    v.number('must be a number'),
    v.safeInteger('must be a whole number'),
    v.minValue(1, 'must be positive'),
  ),
  rpcUrls: v.pipe(
    v.array(httpUrl, 'must be a list'),
    v.minLength(1, 'must name at least one RPC endpoint'),
    v.maxLength(5, 'must name at most five RPC endpoints'),
    v.check((urls) => isWithoutRepeats(urls), 'names the same RPC endpoint twice'),
    v.readonly(),
  ),
})

const runtimeConfigSchema = v.strictObject({
  version: v.literal(1, 'must be 1'),
  chains: v.pipe(
    v.array(chainSchema, 'must be a list'),
    v.minLength(1, 'must name at least one chain'),
    v.check((chains) => isWithoutRepeats(chains.map(({ chainId }) => chainId)), 'names the same chain twice'),
    v.readonly(),
  ),
  siteUrl: v.optional(httpUrl),
})

/** What one deployment of the app talks to. One build serves every deployment. */
export type RuntimeConfig = Readonly<v.InferOutput<typeof runtimeConfigSchema>>

/** One chain that this deployment offers, with its RPC endpoints in order of preference. */
export type ChainConfig = Readonly<v.InferOutput<typeof chainSchema>>

/** Why the configuration cannot be used. */
export type RuntimeConfigFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'missing'; readonly httpStatus: number }
  | { readonly kind: 'notJson' }
  /** `field` is a path such as `chains.0.rpcUrls.1`; empty for the whole file. */
  | { readonly kind: 'wrongShape'; readonly field: string; readonly problem: string }

/** The configuration file is absent or wrong; the app cannot know which chains to offer. */
export class RuntimeConfigError extends Error {
  override readonly name = 'RuntimeConfigError'
  constructor(
    readonly failure: RuntimeConfigFailure,
    options?: ErrorOptions,
  ) {
    super(describeFailure(failure), options)
  }
}

function describeFailure(failure: RuntimeConfigFailure): string {
  const file = `The configuration file ${runtimeConfigPath}`
  switch (failure.kind) {
    case 'unreachable':
      return `${file} could not be loaded. Check the connection and reload the page.`
    case 'missing':
      return `${file} is not there (HTTP ${failure.httpStatus}). Whoever hosts this app must put it beside index.html, or start the server with --config FILE.`
    case 'notJson':
      return `${file} is not JSON. Whoever hosts this app must correct it.`
    case 'wrongShape':
      return `${file} is wrong: ${failure.field === '' ? 'the file' : `"${failure.field}"`} ${failure.problem}. Whoever hosts this app must correct it.`
  }
}

/**
 * Checks the content of a configuration file.
 * @throws {RuntimeConfigError} when it has not the right shape.
 */
export function toRuntimeConfig(value: unknown): RuntimeConfig {
  const result = v.safeParse(runtimeConfigSchema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw new RuntimeConfigError({
    kind: 'wrongShape',
    field: v.getDotPath(issue) ?? '',
    problem: describeIssue(issue),
  })
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return issue.message
  if (issue.expected === 'never') return 'is not a known field'
  return issue.received === 'undefined' ? 'is missing' : 'must be an object'
}

/**
 * Loads the configuration of this deployment.
 *
 * @throws {RuntimeConfigError} when it is absent, not JSON, or has not the right shape.
 */
export async function readRuntimeConfig(
  fetchFile: typeof fetch,
  options: { readonly signal?: AbortSignal } = {},
): Promise<RuntimeConfig> {
  let response: Response
  try {
    response = await fetchFile(runtimeConfigPath, { cache: 'no-store', credentials: 'omit', ...options })
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new RuntimeConfigError({ kind: 'unreachable' }, { cause })
  }
  if (!response.ok) throw new RuntimeConfigError({ kind: 'missing', httpStatus: response.status })
  let value: unknown
  try {
    value = await response.json()
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new RuntimeConfigError({ kind: 'notJson' }, { cause })
  }
  return toRuntimeConfig(value)
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

function isWithoutRepeats(values: readonly (string | number)[]): boolean {
  return new Set(values).size === values.length
}
