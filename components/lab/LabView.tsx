import { useMemo, useState } from 'react'
import { toPriceSeries } from '@/lib/core/backtest/shippedPrices'
import type { CovarianceEstimator } from '@/lib/core/risk/estimateCovariance'
import { measurePortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { useShippedPrices } from '@/lib/hooks/lab/useShippedPrices'
import { useDeployment } from '@/lib/hooks/useDeployment'
import type { RiskState } from '@/lib/hooks/useRiskHistory'
import { BacktestPanel } from './BacktestPanel'
import { BandsPanel } from './BandsPanel'
import { parseDraft, toLabDraft } from './labDraft'
import { isStableAsset, type LabSubject } from './labSubject'
import { type PriceSource, type SourcePrices, toChainPrices } from './priceSource'
import { StudiedPanel } from './StudiedPanel'
import { TrackingPanel } from './TrackingPanel'

/** So many days of prices say how assets move. */
const windowDays = 365

/** The daily prices that come with the app. */
function useShippedSource(): SourcePrices {
  const { data, error, isFetching, refetch } = useShippedPrices()
  return useMemo((): SourcePrices => {
    if (data !== undefined)
      return {
        status: 'there',
        series: data.series.map(toPriceSeries),
        name: `daily prices that come with the app (${data.licence})`,
        remark: 'The set is old: what you see is how assets moved then.',
      }
    if (error !== null)
      return { status: 'failed', message: error.message, onRetry: () => refetch(), isRetrying: isFetching }
    return { status: 'reading' }
  }, [data, error, isFetching, refetch])
}

type LabViewProps = {
  readonly subject: LabSubject
  /** What the chain's feeds tell of the past; missing where no account is looked at. */
  readonly chainHistory?: RiskState
}

/** The lab: what is studied, and what follows from it. */
export function LabView({ subject, chainHistory }: LabViewProps) {
  const { assets } = useDeployment()
  const shipped = useShippedSource()
  const chain = useMemo(() => chainHistory && toChainPrices(chainHistory), [chainHistory])
  const [draft, setDraft] = useState(() => toLabDraft(subject))
  const [estimator, setEstimator] = useState<CovarianceEstimator>('ledoitWolf')
  const [source, setSource] = useState<PriceSource>(chain === undefined ? 'shipped' : 'chain')
  const prices = source === 'chain' && chain !== undefined ? chain : shipped
  const shippedIds = shipped.status === 'there' ? shipped.series.map(({ id }) => id) : []
  const { input, refusals } = parseDraft(draft, [...new Set([...assets.map(({ id }) => id), ...shippedIds])])

  // What is held counts for the tracking error, so that it has to be covered too.
  const ids = [...new Set([...(input?.targets ?? []), ...(subject.held ?? [])].map(({ id }) => id))].join(' ')
  const risk = useMemo(() => {
    if (prices.status !== 'there' || ids === '') return undefined
    const wanted = ids.split(' ').map((id) => ({ id, isStable: isStableAsset(id, assets) }))
    return measurePortfolioRisk({ assets: wanted, series: prices.series, estimator, windowDays })
  }, [ids, assets, prices, estimator])

  return (
    <div className="space-y-6">
      <StudiedPanel
        subject={subject}
        draft={draft}
        refusals={refusals}
        onChange={setDraft}
        risk={risk}
        prices={prices}
        source={source}
        onChooseSource={chain === undefined ? undefined : setSource}
        estimator={estimator}
        onChooseEstimator={setEstimator}
      />
      <BandsPanel subject={subject} input={input} risk={risk} />
      <TrackingPanel subject={subject} input={input} risk={risk} prices={prices} />
      <BacktestPanel
        subject={subject}
        input={input}
        shipped={shipped}
        chain={chain}
        isStable={(id) => isStableAsset(id, assets)}
      />
    </div>
  )
}
