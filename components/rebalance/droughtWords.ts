import { formatPercent } from '@/components/format/formatPercent'
import type { DroughtJudgement, LegEvidence, LegUnknown, Usual } from '@/lib/core/drought/judgeDrought'
import type { MarketEvidence, MarketMove, MarketUnknown } from '@/lib/core/drought/judgeMarket'
import { formatUsd } from '@/lib/core/numbers/format'
import { assertNever } from '@/lib/core/units'
import { joinNames } from './planWords'

const timesOf = (count: number) => (count === 1 ? 'once' : `${count} times`)

function describeUsual(usual: Usual): string {
  return usual.status === 'known'
    ? `usually ${formatPercent(usual.medianBps)}, by ${usual.count} earlier readings on this device`
    : `seen ${timesOf(usual.count)} before on this device, too few to say what is usual`
}

function describeLegEvidence(evidence: LegEvidence): string {
  const pair = `${evidence.sell} → ${evidence.buy}`
  switch (evidence.kind) {
    case 'impact':
      return `${pair}: price impact of ${formatPercent(evidence.impactBps)} for ${formatUsd(evidence.soldUsd)}, above ${formatPercent(evidence.limitBps)} (${describeUsual(evidence.usual)})`
    case 'gap':
      return `${pair}: a pool’s price is ${formatPercent(evidence.gapBps)} from the price feeds, above ${formatPercent(evidence.limitBps)} (${describeUsual(evidence.usual)})`
    case 'depth':
      return `${pair}: ${evidence.poolCount === 1 ? 'its pool takes' : `its ${evidence.poolCount} pools take`} ${formatUsd(evidence.depthUsd)} within 2 % of the price, under ten times the ${formatUsd(evidence.tradeUsd)} of this plan`
    default:
      return assertNever(evidence)
  }
}

/** `LINK fell 6.20 % ($14.00 → $13.13)`. */
function describeMove({ assetId, changeBps, beforeUsd, nowUsd }: MarketMove): string {
  const went = changeBps < 0 ? 'fell' : 'rose'
  return `${assetId} ${went} ${formatPercent(Math.abs(changeBps))} (${formatUsd(beforeUsd)} → ${formatUsd(nowUsd)})`
}

function describeMarketEvidence(evidence: MarketEvidence): string {
  switch (evidence.kind) {
    case 'together':
      return `Within an hour ${joinNames(evidence.moves.map(describeMove))}`
    case 'alone':
      return `Within a day ${describeMove(evidence.move)}`
    default:
      return assertNever(evidence)
  }
}

/** What says that there is a drought, each with the figures that it compares. Nothing is said twice. */
export function describeDrought({ legs, market }: DroughtJudgement): readonly string[] {
  const ofLegs = legs.flatMap((leg) => (leg.status === 'drought' ? leg.evidence.map(describeLegEvidence) : []))
  const ofMarket = market.status === 'drought' ? market.evidence.map(describeMarketEvidence) : []
  return [...new Set([...ofMarket, ...ofLegs])]
}

function describeLegUnknown(unknown: LegUnknown): string {
  const pair = `${unknown.sell} → ${unknown.buy}`
  switch (unknown.kind) {
    case 'impact':
      return `${pair}: price impact of ${formatPercent(unknown.impactBps)} for ${formatUsd(unknown.soldUsd)}, traded at this size ${timesOf(unknown.count)} before on this device; it takes ${unknown.needed} to compare`
    case 'gap':
      return `${pair}: a pool’s price could not be held against the feeds`
    case 'depth':
      return `${pair}: the depth of its pools is not known as far as 2 % from the price`
    default:
      return assertNever(unknown)
  }
}

function describeMarketUnknown({ kind, known, of }: MarketUnknown): string {
  return `Prices of ${kind === 'hour' ? 'an hour' : 'a day'} ago are known for ${known} of ${of} assets`
}

/** What could not be compared, and why. */
export function describeDroughtUnknown({ legs, market }: DroughtJudgement): readonly string[] {
  const ofLegs = legs.flatMap((leg) => (leg.status === 'calm' ? [] : leg.unknown.map(describeLegUnknown)))
  const ofMarket = market.status === 'calm' ? [] : market.unknown.map(describeMarketUnknown)
  return [...new Set([...ofMarket, ...ofLegs])]
}

/** What the drought is of: the market, some pairs, or both. */
export function titleDrought({ legs, market }: DroughtJudgement): string {
  const pairs = legs.flatMap((leg) =>
    leg.status === 'drought' ? leg.evidence.map(({ sell, buy }) => `${sell} → ${buy}`) : [],
  )
  const thin = pairs.length === 0 ? '' : `Thin pools for ${joinNames([...new Set(pairs)])}`
  if (market.status !== 'drought') return thin
  return thin === '' ? 'Prices are moving fast' : `${thin}, and prices are moving fast`
}
