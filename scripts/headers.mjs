/**
 * The first script of every page. The bundler's runtime sets `script.src` without a policy of its own; this default
 * policy lets exactly our own built scripts through, letter by letter (the runtime knows a part by the address that it
 * set), and refuses HTML from strings altogether.
 */
export const trustedTypesScript = [
  '(()=>{',
  'const refuse=()=>{throw new TypeError("Refused by the Trusted Types policy")};',
  'const createScriptURL=(text)=>{const url=new URL(text,location.href);',
  'return url.origin===location.origin&&url.pathname.startsWith("/_next/static/")?text:refuse()};',
  'window.trustedTypes?.createPolicy("default",{createScriptURL,createHTML:refuse,createScript:refuse});',
  'document.currentScript.remove()',
  '})()',
].join('')

/** The addresses that a page may talk to, for `connect-src`: each RPC endpoint's origin, over HTTP and WebSocket. */
export function toConnectSources(runtimeConfig) {
  const origins = runtimeConfig.chains.flatMap(({ rpcUrls }) => rpcUrls.map((url) => new URL(url).origin))
  return [...new Set(origins)].flatMap((origin) => [origin, origin.replace(/^http/, 'ws')])
}

const neverFramed = ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "object-src 'none'"]

/** The Content-Security-Policy of a page, with the hashes of its inline scripts. */
export function pagePolicy({ scriptHashes, connectSources }) {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...scriptHashes.map((hash) => `'${hash}'`)].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connectSources].join(' ')}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'none'",
    ...neverFramed,
    "require-trusted-types-for 'script'",
    "trusted-types default nextjs nextjs#bundler 'allow-duplicates'",
  ].join('; ')
}

/**
 * The policy of a script's own answer. It binds what runs as a worker; without Trusted Types, which would keep a worker
 * from loading its parts.
 */
export function scriptPolicy({ connectSources }) {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src ${["'self'", ...connectSources].join(' ')}`,
    ...neverFramed,
  ].join('; ')
}

/** The headers of every answer, whatever its kind. */
export const commonHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), clipboard-read=(self), clipboard-write=(self), browsing-topics=()',
  'X-Frame-Options': 'DENY',
}
