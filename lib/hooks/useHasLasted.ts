import { useEffect, useState } from 'react'

/** Whether something has lasted for so long. `what` names it; `undefined` while there is nothing, and then it begins anew. */
export function useHasLasted(what: string | undefined, milliseconds: number): boolean {
  const [lasted, setLasted] = useState<string>()
  useEffect(() => {
    if (what === undefined) return
    const timer = setTimeout(setLasted, milliseconds, what)
    return () => {
      clearTimeout(timer)
      setLasted(undefined)
    }
  }, [what, milliseconds])
  return what !== undefined && lasted === what
}
