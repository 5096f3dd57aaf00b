import type { AssetRule, Participation, PlanPolicy } from '@/lib/core/policy/policy'
import { weightPercentText } from '@/lib/core/targetsText'

/** How an asset may take part, in the order in which it is offered. */
export const participations: readonly { readonly value: Participation; readonly text: string }[] = [
  { value: 'free', text: 'Bought and sold' },
  { value: 'buyOnly', text: 'Buy only' },
  { value: 'sellOnly', text: 'Sell only' },
  { value: 'locked', text: 'Locked: counts, never traded' },
  { value: 'excluded', text: 'Excluded: does not count' },
]

/** A limit of an asset in a word or two, and what it means. */
export type RuleMark = { readonly text: string; readonly explanation: string }

const participationMarks: Readonly<Record<Participation, RuleMark | undefined>> = {
  free: undefined,
  buyOnly: { text: 'buy only', explanation: 'You let it be bought and never sold.' },
  sellOnly: { text: 'sell only', explanation: 'You let it be sold and never bought.' },
  locked: { text: 'locked', explanation: 'It counts for the weights and is never traded.' },
  excluded: { text: 'excluded', explanation: 'It counts for no weight and no total, and is never traded.' },
}

/** The mark of how an asset takes part; none where it is bought and sold freely. */
export function markParticipation(participation: Participation): RuleMark | undefined {
  return participationMarks[participation]
}

/** All marks of an asset's rule, what it may do first. */
export function markRule({
  participation,
  minimumBps,
  maximumBps,
  bandBps,
}: Omit<AssetRule, 'assetId'>): readonly RuleMark[] {
  const mark = participationMarks[participation]
  const marks: readonly (RuleMark | undefined)[] = [
    mark,
    minimumBps === undefined
      ? undefined
      : { text: `min ${weightPercentText(minimumBps)} %`, explanation: 'It is not sold below this weight.' },
    maximumBps === undefined
      ? undefined
      : { text: `max ${weightPercentText(maximumBps)} %`, explanation: 'It is not bought above this weight.' },
    bandBps === undefined
      ? undefined
      : {
          text: `band ${weightPercentText(bandBps)} pp`,
          explanation: 'Its own band: it is left alone while it is closer to its target than this.',
        },
  ]
  return marks.filter((one) => one !== undefined)
}

/** Scope and destination as they stand in a choice. */
export const scopes: readonly { readonly value: PlanPolicy['scope']; readonly text: string }[] = [
  { value: 'everything', text: 'Everything' },
  { value: 'outOfBand', text: 'Only what is out of band' },
]

export const destinations: readonly { readonly value: PlanPolicy['destination']; readonly text: string }[] = [
  { value: 'target', text: 'To the target' },
  { value: 'halfway', text: 'Half-way to the target' },
  { value: 'edge', text: 'To the edge of the band' },
]

const destinationWords: Readonly<Record<PlanPolicy['destination'], string>> = {
  target: 'to its target',
  halfway: 'half-way to its target',
  edge: 'to the edge of its band',
}

/**
 * Which assets a plan moves and how far, and that there are other limits.
 * @example 'Only what is out of band moves, half-way to its target. 2 assets have limits of their own.'
 */
export function describeAim({ scope, destination, rules, turnoverCapBps }: PlanPolicy): string {
  const where = destinationWords[destination]
  return [
    scope === 'everything' ? `Everything moves ${where}.` : `Only what is out of band moves, ${where}.`,
    ...(rules.length === 0
      ? []
      : [rules.length === 1 ? '1 asset has limits of its own.' : `${rules.length} assets have limits of their own.`]),
    ...(turnoverCapBps === undefined
      ? []
      : [`At most ${weightPercentText(turnoverCapBps)} % of the portfolio is sold.`]),
  ].join(' ')
}
