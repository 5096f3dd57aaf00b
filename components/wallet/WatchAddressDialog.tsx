import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/Button'
import { Dialog } from '@/components/ui/Dialog'
import { watchAddress } from '@/lib/hooks/wallet/watchedAddress'
import { checkAddressText } from './checkAddressText'

const problems = {
  empty: 'Enter an address: 0x and 40 digits.',
  notAddress: 'This is not an address. It starts with 0x and has 40 digits from 0 to 9 and a to f.',
  wrongChecksum:
    'Capital and small letters of this address do not fit together: a character may be wrong. Copy it again.',
} as const

/** Asks for an address to look at. Nothing can be signed for it. */
export function WatchAddressDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<keyof typeof problems>()
  const inputId = useId()
  const problemId = useId()

  function submit(event: FormEvent) {
    event.preventDefault()
    const checked = checkAddressText(text)
    if (checked.status !== 'address') return setProblem(checked.status)
    onClose()
    watchAddress(checked.address)
  }

  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Watch an address"
      description="See its holdings and drift. Nothing can be signed, and the address stays in this tab."
    >
      <form onSubmit={submit} noValidate>
        <label htmlFor={inputId} className="font-medium text-sm">
          Address
        </label>
        <input
          id={inputId}
          autoFocus
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setProblem(undefined)
          }}
          placeholder="0x…"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={problemId}
          className="mt-1.5 min-h-12 w-full rounded-control border border-control bg-surface px-3.5 text-base tabular-nums aria-invalid:border-danger sm:text-sm"
        />
        <p id={problemId} role="alert" className="mt-1.5 min-h-10 text-danger text-sm leading-snug">
          {problem !== undefined && problems[problem]}
        </p>
        <div className="mt-2 flex justify-end gap-3">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit">
            Watch
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
