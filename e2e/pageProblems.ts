import type { BrowserContext } from 'playwright/test'

/** What no page may do, noticed in every page of a context: errors, requests to strangers, breaches of the policy. */
export type PageProblems = {
  /** What happened and was not announced by `allow`. */
  list(): readonly string[]
  /** Says that the test itself brings about problems of this kind. */
  allow(pattern: RegExp): void
}

const reportName = '__reportPolicyViolation'

function reportViolations(name: string): void {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
    const report = (window as unknown as Record<string, (text: string) => void>)[name]
    report?.(`${violatedDirective} ${blockedURI} ${sample}`)
  })
}

/** Starts to watch a context, before its first page. `origins` are the only ones that it may talk to. */
export async function watchForProblems(
  context: BrowserContext,
  { origins }: { readonly origins: readonly string[] },
): Promise<PageProblems> {
  const problems: string[] = []
  const allowed: RegExp[] = []
  const own = new Set(origins)
  const checkAddress = (kind: string, url: string) => {
    const { protocol, origin } = new URL(url)
    if (protocol === 'data:' || protocol === 'blob:' || own.has(origin)) return
    problems.push(`${kind} to a stranger: ${url}`)
  }

  await context.exposeFunction(reportName, (text: string) => void problems.push(`policy violation: ${text}`))
  await context.addInitScript(reportViolations, reportName)
  context.on('request', (request) => checkAddress('request', request.url()))
  context.on('page', (page) => page.on('websocket', (socket) => checkAddress('socket', socket.url())))
  context.on('weberror', (error) => void problems.push(`uncaught: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  return {
    list: () => problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem))),
    allow: (pattern) => void allowed.push(pattern),
  }
}
