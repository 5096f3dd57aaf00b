import type { ComponentPropsWithRef } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './Icon'

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'type' | 'aria-label'> & {
  readonly icon: IconName
  /** What it does, for everybody who cannot see the icon, and as its tooltip. */
  readonly label: string
}

/** A square button that shows only an icon. */
export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-11 shrink-0 items-center justify-center rounded-control text-ink-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-40',
        className,
      )}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  )
}
