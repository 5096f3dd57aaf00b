import { formatBoundBps } from '@/components/format/formatPercent'
import { Icon } from '@/components/ui/Icon'
import type { Certificate } from '@/lib/core/rebalance/plan'
import { formatGapUsd } from './certificateView'

type CertificateNoteProps = {
  readonly certificate: Certificate
  /** Opens what proves it. */
  readonly onExplain: () => void
}

/** How far the plan is at most from the most that its pools allow, in a line. */
export function CertificateNote({ certificate, onExplain }: CertificateNoteProps) {
  return (
    <p className="flex gap-2 text-sm">
      <Icon name="check" className="mt-0.5 shrink-0 text-ok" />
      <span>
        At most{' '}
        <strong className="font-semibold tabular-nums">
          {formatBoundBps(certificate.gapBps)} bps ({formatGapUsd(certificate)})
        </strong>{' '}
        from the most these pools allow.{' '}
        <button
          type="button"
          onClick={onExplain}
          className="text-accent underline decoration-1 underline-offset-2 hover:text-accent-strong"
        >
          Why
        </button>
      </span>
    </p>
  )
}
