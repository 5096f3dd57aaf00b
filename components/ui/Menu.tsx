'use client'

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { cx } from './cx'

type MenuProps = {
  /** What the button shows. */
  readonly trigger: ReactNode
  readonly label: string
  readonly triggerClassName?: string
  /** What opens below; call `close` once something in it is done. */
  readonly children: (close: () => void) => ReactNode
}

/** A button with a small panel below it that closes on Esc, on a click elsewhere and when the focus leaves. */
export function Menu({ trigger, label, triggerClassName, children }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panelId = useId()

  useEffect(() => {
    if (!isOpen) return
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setIsOpen(false)
    }
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setIsOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    document.addEventListener('keydown', closeOnEscape)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
      document.removeEventListener('keydown', closeOnEscape)
    }
  }, [isOpen])

  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setIsOpen((was) => !was)}
        className={cx(
          'inline-flex min-h-11 items-center gap-2 rounded-control border border-line-strong bg-surface px-3 font-medium text-sm transition-colors hover:border-control hover:bg-hover',
          triggerClassName,
        )}
      >
        {trigger}
      </button>
      <div
        id={panelId}
        hidden={!isOpen}
        className="absolute top-full right-0 z-30 mt-2 w-[min(22rem,calc(100vw-2rem))] animate-rise rounded-panel border border-line bg-raised p-2 shadow-float"
      >
        {isOpen && children(() => setIsOpen(false))}
      </div>
    </div>
  )
}
