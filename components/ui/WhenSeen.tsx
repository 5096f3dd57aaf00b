'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'

type WhenSeenProps = {
  /** Holds the place until what is inside comes near the screen. */
  readonly placeholder: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** Renders its children only once the place where they stand comes near the screen. */
export function WhenSeen({ placeholder, className, children }: WhenSeenProps) {
  const place = useRef<HTMLDivElement>(null)
  const [wasSeen, setWasSeen] = useState(false)

  useEffect(() => {
    if (place.current === null) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) setWasSeen(true)
      },
      { rootMargin: '160px' },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])

  return (
    <div ref={place} className={className}>
      {wasSeen ? children : placeholder}
    </div>
  )
}
