import { maxTargets } from '@/lib/core/targets'
import { assertNever, bpsWhole } from '@/lib/core/units'
import type { DraftState } from './targetsDraft'

/** Percent with as many of two decimals as it takes to tell 99.99 from 100. */
export function formatExactPercent(bps: number): string {
  const text = (bps / 100).toFixed(bps % 10 === 0 ? 1 : 2)
  return `${text} %`
}

/** The sum of a draft and what is left or too much: `Sum 98.7 % · 1.3 % left`. */
export function describeSum(sumBps: number): string {
  const sum = `Sum ${formatExactPercent(sumBps)}`
  if (sumBps === bpsWhole) return sum
  return sumBps < bpsWhole
    ? `${sum} · ${formatExactPercent(bpsWhole - sumBps)} left`
    : `${sum} · ${formatExactPercent(sumBps - bpsWhole)} too much`
}

/** Why a draft cannot be saved, or nothing where it can. */
export function describeObstacle(state: DraftState): string | undefined {
  switch (state.status) {
    case 'ready':
      return undefined
    case 'empty':
      return 'Add an asset, or take the weights from your holdings.'
    case 'unreadable':
      return `The weight of ${state.assetIds.join(', ')} cannot be read. Correct it to save.`
    case 'short':
      return `Targets sum to exactly 100 %. Give out ${formatExactPercent(state.missingBps)} more to save.`
    case 'over':
      return `Targets sum to exactly 100 %. Take off ${formatExactPercent(state.excessBps)} to save.`
    case 'tooMany':
      return `${state.count} assets have a target. At most ${maxTargets} can: remove some to save.`
    default:
      return assertNever(state)
  }
}
