import { expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { composePriceHistory, historyDays } from './priceHistory'
import { startPrice } from './prices'

const day = 86_400
const now = 20_000 * day + 40_000

test('default: one round in the last hour of each day before today, for every asset', () => {
  const history = composePriceHistory(1, now)
  expect([...history.keys()]).toEqual(localDeployment.assets.map(({ id }) => id))
  for (const rounds of history.values()) {
    expect(rounds.map(({ updatedAt }) => Math.floor(updatedAt / day))).toEqual(
      Array.from({ length: historyDays }, (_, index) => 20_000 - historyDays + index),
    )
    expect(rounds.every(({ updatedAt }) => updatedAt % day >= day - 3_600)).toBe(true)
    expect(rounds.every(({ answer }) => answer > 0n)).toBe(true)
  }
})

test('behaviour: a price depends on the seed and on how many days ago it was', () => {
  const answers = (seed: number, at: number) =>
    [...composePriceHistory(seed, at)].map(([id, rounds]) => [id, rounds.map(({ answer }) => answer)])
  expect(answers(1, now + 9 * day)).toEqual(answers(1, now))
  expect(answers(2, now)).not.toEqual(answers(1, now))
})

test('behaviour: it ends near the start prices; stable assets stay near theirs but for a few days', () => {
  for (const { id, isStable } of localDeployment.assets) {
    const prices = (composePriceHistory(1, now).get(id) ?? []).map(({ answer }) => Number(answer) / 1e8)
    const off = prices.map((price) => Math.abs(Math.log(price / startPrice(id))))
    expect(off.at(-1), id).toBeLessThan(isStable ? 0.002 : 0.35)
    const depegged = off.filter((distance) => distance > 0.003).length
    if (isStable) {
      expect(depegged, id).toBeGreaterThan(0)
      expect(depegged, id).toBeLessThan(20)
    } else expect(depegged, id).toBeGreaterThan(600)
  }
})
