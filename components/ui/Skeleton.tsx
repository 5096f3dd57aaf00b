import { cx } from './cx'

const shapes = { bar: 'rounded-md', control: 'rounded-control', disc: 'rounded-full' } as const

/** Holds the place of something that is being read, at the size it will have. */
export function Skeleton({ className, shape = 'bar' }: { className?: string; shape?: 'bar' | 'control' | 'disc' }) {
  return <span aria-hidden="true" className={cx('block animate-breathe bg-line', shapes[shape], className)} />
}
