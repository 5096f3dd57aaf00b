import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react'
import { cx } from './cx'
import { IconButton } from './IconButton'

type DialogProps = {
  readonly isOpen: boolean
  /** Called when Esc, the close button or the ground behind asks to close. */
  readonly onClose: () => void
  readonly title: string
  readonly description?: ReactNode
  readonly footer?: ReactNode
  /** Wide for forms with several columns. */
  readonly width?: 'narrow' | 'wide'
  /** A decision that a stray click beside it must not take. */
  readonly staysOpenOnOutsideClick?: boolean
  readonly children: ReactNode
}

/** A modal dialog of the platform: it keeps the focus, closes on Esc and gives the focus back. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  footer,
  width = 'narrow',
  staysOpenOnOutsideClick = false,
  children,
}: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    if (isOpen && !element.open) element.showModal()
    if (!isOpen && element.open) element.close()
  }, [isOpen])

  // A dialog that is taken away while it is open gives the focus back too. Effects of layout end before the element goes.
  useLayoutEffect(() => {
    const element = dialog.current
    return () => element?.close()
  }, [])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does by keyboard what a click on the ground behind does.
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      // Development mounts twice: the first mount closes it and the second opens it again before this is told.
      onClose={({ currentTarget }) => isOpen && !currentTarget.open && onClose()}
      onClick={(event) => {
        if (event.target === event.currentTarget && !staysOpenOnOutsideClick) event.currentTarget.close()
      }}
      className={cx(
        'm-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-visible rounded-panel border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-black/45 open:animate-rise',
        'max-sm:mb-0 max-sm:w-full max-sm:max-w-none max-sm:rounded-b-none',
        width === 'narrow' ? 'sm:max-w-[28rem]' : 'sm:max-w-[44rem]',
      )}
    >
      {isOpen && (
        <div className="flex max-h-[calc(100dvh-2rem)] flex-col">
          <header className="flex items-start justify-between gap-4 py-3 pr-3 pl-5 sm:pl-6">
            <div className="min-w-0 pt-2">
              <h2 id={titleId} className="font-semibold text-lg leading-snug tracking-[-0.01em]">
                {title}
              </h2>
              {description !== undefined && <p className="mt-0.5 text-ink-faint text-sm">{description}</p>}
            </div>
            <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5 sm:px-6">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-3 border-line border-t px-5 py-4 sm:px-6">
              {footer}
            </footer>
          )}
        </div>
      )}
    </dialog>
  )
}
