import { useEffect, useState } from 'react'

/** A pause in which the first screen settles. */
const restMs = 800

/** Whether the screen has stood long enough that work nobody waits for may begin. */
export function useIsSettled(): boolean {
  const [isSettled, setIsSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(setIsSettled, restMs, true)
    return () => clearTimeout(timer)
  }, [])
  return isSettled
}
