import type { ReactNode } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './Icon'

const tones: Record<
  'info' | 'ok' | 'warn' | 'danger',
  { readonly box: string; readonly icon: IconName; readonly ink: string }
> = {
  info: { box: 'bg-sunken border-line', icon: 'info', ink: 'text-ink-soft' },
  ok: { box: 'bg-ok-soft border-ok-line', icon: 'check', ink: 'text-ok' },
  warn: { box: 'bg-warn-soft border-warn-line', icon: 'alert', ink: 'text-warn' },
  danger: { box: 'bg-danger-soft border-danger-line', icon: 'alert', ink: 'text-danger' },
}

type AlertProps = {
  /** `danger` is announced at once (role alert); the others are read in their turn. */
  readonly tone?: keyof typeof tones
  readonly title: ReactNode
  /** Stable name of what happened, for tests and reports. */
  readonly code?: string
  /** The next step, as a button or a link. */
  readonly action?: ReactNode
  readonly className?: string
  readonly children?: ReactNode
}

/** Says what is the matter and what can be done about it. */
export function Alert({ tone = 'danger', title, code, action, className, children }: AlertProps) {
  const look = tones[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'note'}
      data-error-code={code}
      className={cx('flex flex-wrap items-start gap-x-4 gap-y-3 rounded-control border px-4 py-3', look.box, className)}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <Icon name={look.icon} className={cx('mt-1', look.ink)} />
        <div className="min-w-0">
          <p className={cx('font-medium', tone === 'info' ? 'text-ink' : look.ink)}>{title}</p>
          {children !== undefined && <div className="mt-0.5 break-words text-ink-soft text-sm">{children}</div>}
        </div>
      </div>
      {action !== undefined && <div className="flex shrink-0 flex-wrap gap-2 self-center">{action}</div>}
    </div>
  )
}
