import type { ReactNode } from 'react'
import { cx } from './cx'

const paths = {
  alert: <path d="M8 1.8 15 14H1L8 1.8ZM8 6.4v3.4M8 12v.1" />,
  arrowRight: <path d="M2.5 8h11M9 3.5 13.5 8 9 12.5" />,
  arrowLeft: <path d="M13.5 8h-11M7 3.5 2.5 8 7 12.5" />,
  check: <path d="m2.8 8.4 3.4 3.4 7-7.6" />,
  chevron: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  close: <path d="m3.5 3.5 9 9m0-9-9 9" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  download: <path d="M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11" />,
  eye: (
    <>
      <path d="M1 8s2.5-4.7 7-4.7S15 8 15 8s-2.5 4.7-7 4.7S1 8 1 8Z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M8 7.2v4M8 4.8v.1" />
    </>
  ),
  lock: (
    <>
      <path d="M3.2 7.2h9.6v6.6H3.2z" />
      <path d="M5.2 7V4.9a2.8 2.8 0 0 1 5.6 0V7" />
    </>
  ),
  unlock: (
    <>
      <path d="M3.2 7.2h9.6v6.6H3.2z" />
      <path d="M5.2 7V4.6a2.8 2.8 0 0 1 5.3-1.2" />
    </>
  ),
  moon: <path d="M13.6 9.8A6 6 0 0 1 6.2 2.4a6 6 0 1 0 7.4 7.4Z" />,
  plus: <path d="M8 2.8v10.4M2.8 8h10.4" />,
  refresh: <path d="M13.5 3v3.6H9.9M13.3 6.4A5.6 5.6 0 1 0 13.6 9" />,
  sliders: (
    <path d="M2 4.6h7M12.4 4.6H14M2 11.4h1.6M7 11.4h7M10.7 2.9a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4ZM5.3 9.7a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" />
    </>
  ),
  system: <path d="M1.8 2.8h12.4v8.4H1.8zM5.5 13.8h5" />,
  external: <path d="M6.5 3H3v10h10V9.5M9 2.5h4.5V7M13.2 2.8 7.5 8.5" />,
  wallet: (
    <>
      <path d="M13.5 5.5v-2h-10a1.5 1.5 0 0 0 0 3h11v7h-11A1.5 1.5 0 0 1 2 12V5" />
      <path d="M11.5 10v.1" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof paths

/** One of the app's own line icons, always beside words that say the same. */
export function Icon({ name, className }: { name: IconName; className?: string | undefined }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={cx('size-4 shrink-0', className)}
    >
      {paths[name]}
    </svg>
  )
}
