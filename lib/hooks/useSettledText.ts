import { useEffect, useState } from 'react'

/** A text as it was when it last stood still for so long. */
export function useSettledText(text: string, milliseconds: number): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(setSettled, milliseconds, text)
    return () => clearTimeout(timer)
  }, [text, milliseconds])
  return settled
}
