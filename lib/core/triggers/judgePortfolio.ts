import type { AssetId } from '../asset'
import type { Portfolio, Position } from '../portfolio/portfolio'
import { blankMemory, judgeTriggers, rememberActing, type TriggerJudgement, type TriggerMemory } from './judgeTriggers'
import type { TriggerAsset } from './rule'
import {
  type AssetVolatilities,
  composeTriggerMark,
  composeTriggerRules,
  type TriggerRulesRequest,
} from './triggerSettings'

/** A memory, and the name of the targets and bands that it is about. */
export type KeptMemory = { readonly mark: string; readonly memory: TriggerMemory }

/** A rebalance that was confirmed: what it traded, and when it was planned, in Unix seconds. */
export type TriggerAct = { readonly assetIds: readonly AssetId[]; readonly seconds: number }

/** What is held, what is wanted of it and what was done. */
export type PortfolioJudgementRequest = TriggerRulesRequest & {
  readonly portfolio: Portfolio
  /** Missing where too little history is known. */
  readonly volatilities?: AssetVolatilities | undefined
  /** As `kept` of the last judgement left it. */
  readonly kept: KeptMemory | undefined
  readonly acts: readonly TriggerAct[]
  readonly nowSeconds: number
}

/** What the triggers say of a portfolio, and what is to be kept for the next time. */
export type PortfolioJudgement = { readonly judgement: TriggerJudgement; readonly kept: KeptMemory }

/**
 * Judges a portfolio by what a person asked to be told of. Acts that the memory has not seen count first. New targets or bands begin with
 * a blank memory, except for when the portfolio was last acted on. Where something held has no price or could not be read, every weight
 * is uncertain and none is judged; a price that is merely old leaves its own asset unjudged.
 */
export function judgePortfolio(request: PortfolioJudgementRequest): PortfolioJudgement {
  const { portfolio, kept, acts, nowSeconds, volatilities } = request
  const mark = composeTriggerMark(request)
  const before = kept === undefined ? blankMemory : kept.mark === mark ? kept.memory : forgetAssets(kept.memory)
  const judgement = judgeTriggers({
    rules: composeTriggerRules(request),
    assets: listTriggerAssets(portfolio, volatilities),
    memory: rememberActs(before, acts),
    nowSeconds,
  })
  return { judgement, kept: { mark, memory: judgement.memory } }
}

const forgetAssets = (memory: TriggerMemory): TriggerMemory => ({ ...memory, assets: [] })

/** Applies the acts that are newer than what is remembered. */
function rememberActs(memory: TriggerMemory, acts: readonly TriggerAct[]): TriggerMemory {
  const since = memory.actedSeconds ?? Number.NEGATIVE_INFINITY
  const unseen = acts.filter(({ seconds }) => seconds > since)
  if (unseen.length === 0) return memory
  return rememberActing(memory, {
    assetIds: unseen.flatMap(({ assetIds }) => assetIds),
    nowSeconds: Math.max(...unseen.map(({ seconds }) => seconds)),
  })
}

function listTriggerAssets(portfolio: Portfolio, known: AssetVolatilities = []): readonly TriggerAsset[] {
  const isWhole = portfolio.status === 'funded' && !portfolio.isPartial
  const volatilities = new Map(known.map(({ assetId, volatility }) => [assetId, volatility]))
  const isWanted = ({ amount, weightBps, targetBps, isExcluded }: Position) =>
    !isExcluded && (targetBps > 0 || weightBps > 0 || amount === undefined)
  return portfolio.positions.filter(isWanted).map(({ assetId, weightBps, targetBps, price }) => {
    const volatility = volatilities.get(assetId)
    return {
      assetId,
      targetBps,
      ...(isWhole && price.status === 'fresh' ? { weightBps } : {}),
      ...(volatility === undefined ? {} : { volatility }),
    }
  })
}
