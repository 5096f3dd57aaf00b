import Link from 'next/link'
import { AccountControls } from '@/components/wallet/AccountControls'
import { AppNav } from './AppNav'
import { Mark } from './Mark'
import { ThemeToggle } from './ThemeToggle'

/** The head of every page: where one is, and as whom. */
export function AppHeader() {
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-ground/90 backdrop-blur-md">
      <div className="mx-auto flex h-16 max-w-[72rem] items-center gap-1 px-4 sm:gap-3 sm:px-6">
        <Link
          href="/"
          prefetch={false}
          className="-ml-2 inline-flex min-h-11 min-w-11 items-center justify-center gap-2 px-2 text-ink"
          aria-label="Ballast"
        >
          <Mark />
          <span className="font-semibold text-[17px] tracking-[-0.02em] max-sm:hidden">Ballast</span>
        </Link>
        <AppNav />
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          <div className="max-sm:hidden">
            <ThemeToggle />
          </div>
          <AccountControls />
        </div>
      </div>
    </header>
  )
}
