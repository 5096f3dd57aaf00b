import type { Asset } from '@/lib/core/asset'
import type { SourceDisagreement } from '@/lib/core/sources/compareSources'
import { describeDisagreement } from './disagreementWords'

type DisagreementListProps = {
  readonly disagreements: readonly SourceDisagreement[]
  readonly assets: readonly Asset[]
}

const mostShown = 4

/** What the wallet's node and ours say of the same things, side by side; those with figures first. */
export function DisagreementList({ disagreements, assets }: DisagreementListProps) {
  const views = disagreements.map((disagreement) => describeDisagreement(disagreement, assets))
  const sorted = [...views.filter(({ figures }) => figures), ...views.filter(({ figures }) => !figures)]
  const hidden = sorted.length - mostShown
  return (
    <>
      <ul aria-label="Where they disagree" className="mt-2 space-y-2">
        {sorted.slice(0, mostShown).map(({ what, figures }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may be named twice, and the list never changes its order.
          <li key={index}>
            <p className="font-medium text-ink">{what}</p>
            {figures === undefined ? (
              <p>Not the same.</p>
            ) : (
              <dl className="tabular-nums">
                <div className="flex flex-wrap gap-x-2">
                  <dt>Your wallet:</dt>
                  <dd>{figures.wallets}</dd>
                </div>
                <div className="flex flex-wrap gap-x-2">
                  <dt>Our node:</dt>
                  <dd>{figures.ours}</dd>
                </div>
              </dl>
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="mt-2">And {hidden} more.</p>}
    </>
  )
}
