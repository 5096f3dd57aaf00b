import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import type { AmountView } from './planView'

type BalanceChangesProps = {
  readonly changes: readonly AmountView[]
  /** At least this much of each bought token arrives. */
  readonly minimums: readonly AmountView[]
}

/** What the simulation leaves in the wallet: minus for what goes, plus for what comes. */
export function BalanceChanges({ changes, minimums }: BalanceChangesProps) {
  return (
    <ul aria-label="Simulated balance changes" className="divide-y divide-line">
      {changes.map(({ symbol, amount, decimals }) => {
        const minimum = minimums.find((candidate) => candidate.symbol === symbol)
        return (
          <li key={symbol} className="flex items-center gap-3 py-2.5">
            <TokenLogo symbol={symbol} size="sm" />
            <div className="min-w-0 flex-1">
              <p className={amount > 0n ? 'font-medium text-ok tabular-nums' : 'font-medium tabular-nums'}>
                {amount > 0n ? '+' : ''}
                <TokenAmount amount={amount} decimals={decimals} symbol={symbol} />
              </p>
              {amount > 0n && minimum !== undefined && (
                <p className="text-[13px] text-ink-faint tabular-nums">
                  at least <TokenAmount {...minimum} />
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
