import { formatUsd, formatUsdFull } from '@/lib/core/numbers/format'

/** Money with its full value on hover; a dash where it is unknown. */
export function UsdAmount({ value, className }: { value: bigint | undefined; className?: string }) {
  return (
    <span className={className} title={value === undefined ? 'Unknown' : formatUsdFull(value)}>
      {formatUsd(value)}
    </span>
  )
}
