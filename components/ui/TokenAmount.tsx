import { formatTokenAmount, formatTokenAmountFull } from '@/lib/core/numbers/format'

type TokenAmountProps = {
  /** Base units; a dash stands for an unknown amount. */
  readonly amount: bigint | undefined
  readonly decimals: number
  readonly symbol?: string
  readonly className?: string
}

/** An amount of a token with all its digits on hover. */
export function TokenAmount({ amount, decimals, symbol, className }: TokenAmountProps) {
  const unit = symbol === undefined ? '' : `\u00a0${symbol}`
  const full = amount === undefined ? 'Unknown' : `${formatTokenAmountFull(amount, decimals)}${unit}`
  return (
    <span className={className} title={full}>
      {formatTokenAmount(amount, decimals)}
      {unit}
    </span>
  )
}
