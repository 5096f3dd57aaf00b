import type { Metadata } from 'next'
import Link from 'next/link'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <div className="py-16 text-center sm:py-24">
      <p className="text-ink-faint text-sm">404</p>
      <h1 className="mt-2 font-semibold text-3xl tracking-[-0.025em]">There is no such page</h1>
      <p className="mx-auto mt-3 max-w-md text-pretty text-ink-soft">
        The address may have a slip, or the page was moved. Nothing of your portfolio is affected.
      </p>
      <Link
        href="/"
        prefetch={false}
        className="mt-8 inline-flex min-h-11 items-center rounded-control bg-accent px-5 font-medium text-on-accent transition-colors hover:bg-accent-strong"
      >
        To the portfolio
      </Link>
    </div>
  )
}
