'use client'

import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'

/** Which other computers this page talks to, by name. */
export function ContactedHosts() {
  const { data } = useRuntimeConfig()
  const hosts = [...new Set(data?.chains.flatMap(({ rpcUrls }) => rpcUrls.map((url) => new URL(url).host)) ?? [])]
  return (
    <p className="min-h-5">
      {hosts.length === 0
        ? 'This page talks to its own host only.'
        : `This page talks to its own host and to ${hosts.join(', ')}.`}
    </p>
  )
}
