import type { ComponentPropsWithRef } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './Icon'
import { Spinner } from './Spinner'

const looks = {
  primary:
    'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-sunken disabled:text-ink-faint disabled:shadow-none shadow-panel',
  secondary:
    'bg-surface text-ink border border-line-strong hover:bg-hover hover:border-control disabled:text-ink-faint disabled:bg-transparent',
  ghost: 'text-ink-soft hover:text-ink hover:bg-hover disabled:text-ink-faint disabled:bg-transparent',
  danger: 'bg-danger-soft text-danger border border-danger-line hover:border-danger disabled:opacity-60',
} as const

const sizes = {
  sm: 'min-h-11 px-3 text-sm sm:min-h-9',
  md: 'min-h-11 px-4 text-[15px]',
  lg: 'min-h-13 px-6 text-base',
} as const

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'type'> & {
  readonly variant?: keyof typeof looks | undefined
  readonly size?: keyof typeof sizes | undefined
  readonly icon?: IconName | undefined
  /** Shows a spinner and takes no clicks; the label says what is under way. */
  readonly isBusy?: boolean | undefined
  readonly type?: 'button' | 'submit' | undefined
}

/** A button of at least 44 px on touch screens. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  isBusy = false,
  type = 'button',
  disabled,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={cx(
        'inline-flex select-none items-center justify-center gap-2 whitespace-nowrap rounded-control font-medium transition-colors duration-150',
        looks[variant],
        sizes[size],
        className,
      )}
      {...rest}
    >
      {isBusy ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
}
