'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '@/components/ui/cx'
import { activityPath, labPath, planPath } from './paths'

const places = [
  { href: '/', name: 'Portfolio' },
  { href: planPath, name: 'Rebalance' },
  { href: activityPath, name: 'Activity' },
  { href: labPath, name: 'Lab' },
] as const

const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`)

/** The app's places, the present one marked. */
export function AppNav() {
  const path = withSlash(usePathname())
  return (
    <nav aria-label="Main" className="flex">
      {places.map(({ href, name }) => {
        const isHere = path === href
        return (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={isHere ? 'page' : undefined}
            className={cx(
              'relative inline-flex min-h-11 items-center px-2.5 font-medium text-sm transition-colors max-[26rem]:px-[3px] max-[26rem]:text-[12.5px] sm:px-3',
              isHere
                ? 'text-ink after:absolute after:inset-x-2.5 after:bottom-1.5 max-[26rem]:after:inset-x-[3px] after:h-0.5 after:rounded-full after:bg-accent sm:after:inset-x-3'
                : 'text-ink-faint hover:text-ink',
            )}
          >
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
