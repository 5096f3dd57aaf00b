/** One exact-in call of one pool. */
export interface RoutingTrade {
  readonly pool: string
  readonly sell: string
  /** Whole tokens paid to the pool, its fee included; positive. */
  readonly amountIn: number
  readonly buy: string
  /** Whole tokens received. */
  readonly amountOut: number
}

/** What is held of a token when all trades are done. */
export interface RoutingHolding {
  readonly id: string
  /** Whole tokens. */
  readonly holding: number
  /** Share of the portfolio at the reference prices, 0 to 1. */
  readonly weight: number
}

interface RoutingOutcome {
  /** Worth afterwards at the reference prices, `gasCost` taken off. */
  readonly value: number
  readonly valueBefore: number
  /** Sum of the called pools' gas, in the unit of account. */
  readonly gasCost: number
  readonly trades: readonly RoutingTrade[]
  readonly after: readonly RoutingHolding[]
}

/** A plan whose end weights lie in their bands, with the proof of how good it is. */
export interface SolvedRouting extends RoutingOutcome {
  readonly status: 'solved'
  /** No plan on these pools is worth more. */
  readonly bound: number
  /** 1e4 (bound - value) / bound. */
  readonly gapBps: number
  /** By token id, the prices at which `bound` was computed, scaled so that m = 1. */
  readonly shadowPrices: { readonly [id: string]: number }
}

/** Why no plan was found that ends in the bands. */
export type UnreachableCode = 'noRoute' | 'liquidity' | 'callBudget'

/** No plan reaches the bands: the one that comes nearest. */
export interface UnreachableRouting extends RoutingOutcome {
  readonly status: 'unreachable'
  readonly code: UnreachableCode
  /** One sentence for people. */
  readonly reason: string
  /** Sum over the tokens of how far the end weight lies outside its band. */
  readonly distance: number
  readonly bound: null
  readonly gapBps: null
  readonly shadowPrices: null
}

/** What the planner answers. */
export type RoutingSolution = SolvedRouting | UnreachableRouting
