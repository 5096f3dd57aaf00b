import { type ReactNode, useEffect, useRef } from 'react'

type PageHeadProps = {
  readonly title: string
  /** Moves the focus to the heading whenever the title changes after the first one. */
  readonly isFocused?: boolean
  readonly children?: ReactNode
}

/** The heading of the screen. When the screen turns to another step the focus goes there. */
export function PageHead({ title, isFocused = false, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(title)

  useEffect(() => {
    if (!isFocused || shown.current === title) return
    shown.current = title
    heading.current?.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  }, [title, isFocused])

  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <h1
        ref={heading}
        tabIndex={-1}
        className="font-semibold text-[1.75rem] leading-tight tracking-[-0.02em] outline-none"
      >
        {title}
      </h1>
      {children}
    </div>
  )
}
