import { partColour } from '@/components/portfolio/partColour'
import { formatTenths } from '@/lib/core/numbers/format'
import type { BeforeAfterPart } from './receiptRows'

type StripProps = {
  readonly name: string
  readonly parts: readonly { readonly assetId: string; readonly place: number; readonly tenths: number }[]
}

/** Tenths of a percent from which on a part is wide enough for its name. */
const narrowestNamed = 60
const narrowestNamedOnPhone = 180

function Strip({ name, parts }: StripProps) {
  const shown = parts.filter(({ tenths }) => tenths > 0)
  const words = shown.map(({ assetId, tenths }) => `${assetId} ${formatTenths(tenths)}`).join(', ')
  return (
    <div className="flex items-center gap-3">
      <span className="w-12 shrink-0 text-[13px] text-ink-faint">{name}</span>
      <div
        role="img"
        aria-label={`${name}: ${words}`}
        className="flex h-6 min-w-0 flex-1 gap-[2px] overflow-hidden rounded-[8px]"
      >
        {shown.map(({ assetId, place, tenths }) => (
          <span
            key={assetId}
            title={`${assetId} ${formatTenths(tenths)}`}
            style={{ flexGrow: tenths, flexBasis: 0, background: partColour(place) }}
            className="flex min-w-0 items-center justify-center overflow-hidden font-medium text-[11px] text-white leading-none dark:text-black"
          >
            {tenths >= narrowestNamed && (
              <span className={tenths < narrowestNamedOnPhone ? 'max-sm:hidden' : undefined}>{assetId}</span>
            )}
          </span>
        ))}
      </div>
    </div>
  )
}

/** What the portfolio was made of before a rebalance, above what it was made of afterwards, at the same prices. */
export function BeforeAfterStrips({ parts }: { parts: readonly BeforeAfterPart[] }) {
  const after = parts.flatMap(({ afterTenths, ...part }) =>
    afterTenths === 'unknown' ? [] : [{ ...part, tenths: afterTenths }],
  )
  return (
    <div className="space-y-1.5">
      <Strip name="Before" parts={parts.map(({ beforeTenths, ...part }) => ({ ...part, tenths: beforeTenths }))} />
      {after.length > 0 ? (
        <Strip name="After" parts={after} />
      ) : (
        <p className="text-[13px] text-ink-faint">After: not known, since what arrived could not be read.</p>
      )}
    </div>
  )
}
