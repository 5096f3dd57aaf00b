import { useId } from 'react'

/** What has to be typed before a plan in a drought can be signed. */
const droughtWord = 'drought'

/** Whether a person typed the word. Case and spaces do not matter. */
export function isDroughtTyped(typed: string): boolean {
  return typed.trim().toLowerCase() === droughtWord
}

type DroughtGateProps = {
  /** What the drought is of. */
  readonly title: string
  readonly evidence: readonly string[]
  readonly typed: string
  readonly onType: (typed: string) => void
}

/** Shows what says that there is a drought, and asks for a word before such a plan can be signed. */
export function DroughtGate({ title, evidence, typed, onType }: DroughtGateProps) {
  const id = useId()
  return (
    <div data-error-code="droughtGate" className="rounded-control border border-warn-line bg-warn-soft px-4 py-3">
      <p className="font-medium text-sm text-warn">{title}</p>
      <ul id={`${id}-evidence`} className="mt-1 list-disc space-y-1 pl-5 text-ink-soft text-sm">
        {evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <label htmlFor={id} className="mt-3 block font-medium text-sm text-warn">
        Type {droughtWord} to go on
      </label>
      <input
        id={id}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={`${id}-evidence`}
        value={typed}
        onChange={(event) => onType(event.target.value)}
        className="mt-2 h-11 w-full rounded-control border border-control bg-surface px-3 text-ink"
      />
    </div>
  )
}
