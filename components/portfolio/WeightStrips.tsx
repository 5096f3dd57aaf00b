import { formatTenths } from '@/lib/core/numbers/format'
import { partColour } from './partColour'

/** One part of a whole: how much of it now, and how much is wanted, in tenths of a percent. */
export type StripPart = {
  readonly key: string
  readonly place: number
  readonly nowTenths: number
  readonly targetTenths: number
}

type StripProps = {
  readonly name: string
  readonly parts: readonly StripPart[]
  readonly field: 'nowTenths' | 'targetTenths'
}

/** Tenths of a percent from which on a part is wide enough for its name. */
const narrowestNamed = 60
const narrowestNamedOnPhone = 180

function Strip({ name, parts, field }: StripProps) {
  const shown = parts.filter((part) => part[field] > 0)
  const words = shown.map((part) => `${part.key} ${formatTenths(part[field])}`).join(', ')
  return (
    <div className="flex items-center gap-3">
      <span className="w-12 shrink-0 text-[13px] text-ink-faint">{name}</span>
      <div
        role="img"
        aria-label={`${name}: ${words}`}
        className="flex h-7 min-w-0 flex-1 gap-[2px] overflow-hidden rounded-[8px]"
      >
        {shown.map((part) => (
          <span
            key={part.key}
            title={`${part.key} ${formatTenths(part[field])}`}
            style={{ flexGrow: part[field], flexBasis: 0, background: partColour(part.place) }}
            className="flex min-w-0 items-center justify-center overflow-hidden font-medium text-[11px] text-white leading-none dark:text-black"
          >
            {part[field] >= narrowestNamed && (
              <span className={part[field] < narrowestNamedOnPhone ? 'max-sm:hidden' : undefined}>{part.key}</span>
            )}
          </span>
        ))}
      </div>
    </div>
  )
}

/** What the portfolio is made of now, above what it is meant to be made of. */
export function WeightStrips({ parts, hasTargets }: { parts: readonly StripPart[]; hasTargets: boolean }) {
  return (
    <div className="space-y-2">
      <Strip name="Now" parts={parts} field="nowTenths" />
      {hasTargets && <Strip name="Target" parts={parts} field="targetTenths" />}
    </div>
  )
}
