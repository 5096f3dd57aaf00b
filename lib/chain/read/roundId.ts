/** A round of a feed: the phase of its proxy, and the round of the aggregator that stood behind it then. */
export type PhaseRound = {
  /** 1 to 65 535. */
  readonly phase: number
  /** 1 or more. */
  readonly round: number
}

const phaseBits = 64n
const maxPhase = 65_535n
const maxRound = BigInt(Number.MAX_SAFE_INTEGER)

/** The id under which a proxy knows a round: phase x 2^64 + round of the aggregator (Chainlink, AggregatorProxy.sol). */
export function toRoundId({ phase, round }: PhaseRound): bigint {
  return (BigInt(phase) << phaseBits) | BigInt(round)
}

/** Takes the id of a proxy's round apart. Nothing where it is none: without a phase, without a round, or beyond what counts exactly. */
export function toPhaseRound(roundId: bigint): PhaseRound | undefined {
  const phase = roundId >> phaseBits
  const round = BigInt.asUintN(Number(phaseBits), roundId)
  if (phase < 1n || phase > maxPhase || round < 1n || round > maxRound) return undefined
  return { phase: Number(phase), round: Number(round) }
}
