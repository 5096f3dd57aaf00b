import type { ReactNode } from 'react'
import { cx } from './cx'

type PanelProps = {
  /** Names the region and heads it. */
  readonly title?: string
  readonly titleId?: string
  readonly description?: ReactNode
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode
  readonly className?: string
  /** Leaves the padding to what is inside, for tables that reach the edge. */
  readonly isFlush?: boolean
  readonly children: ReactNode
}

/** A region of a screen on its own ground. */
export function Panel({ title, titleId, description, actions, className, isFlush = false, children }: PanelProps) {
  return (
    <section aria-label={title} className={cx('rounded-panel border border-line bg-surface shadow-panel', className)}>
      {title !== undefined && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 pt-4 pb-3 sm:px-6">
          <div className="min-w-0">
            <h2 id={titleId} className="font-semibold text-[17px] text-ink leading-snug tracking-[-0.01em]">
              {title}
            </h2>
            {description !== undefined && <p className="mt-0.5 text-ink-faint text-sm">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={cx(!isFlush && 'px-5 pb-5 sm:px-6 sm:pb-6', !isFlush && title === undefined && 'pt-5 sm:pt-6')}>
        {children}
      </div>
    </section>
  )
}
