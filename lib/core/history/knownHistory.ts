import { type AssetCloses, type CloseGapReason, type DayRange, listUnknownDays, selectCloses } from './priceHistory'

/** Days that are read again although they are known: of the closes the first, the middle and the last, of the gaps the first and the last. */
function selectWitnesses({ closes, gaps }: AssetCloses): readonly number[] {
  const settled = gaps.filter(({ reason }) => reason !== 'unread')
  const witnesses = [closes[0], closes[closes.length >> 1], closes.at(-1)].map((close) => close?.day)
  return [...witnesses, settled[0]?.fromDay, settled.at(-1)?.toDay].filter((day) => day !== undefined)
}

/**
 * Lists the days of a range that have to be read of an asset of which something is known: those that are not, and a few that are, to
 * tell whether this is still the same chain ({@link isSameHistory}).
 */
export function listDaysToRead(known: AssetCloses, range: DayRange): readonly number[] {
  const within = selectCloses(known, range)
  const days = new Set([...listUnknownDays(within, range), ...selectWitnesses(within)])
  return [...days].sort((a, b) => a - b)
}

function isWithin(day: number, { fromDay, toDay }: DayRange): boolean {
  return day >= fromDay && day <= toDay
}

/** Whether what was read contradicts nothing that was known: no other close, none that is gone, and none where there was to be none. */
export function isSameHistory(known: AssetCloses, read: AssetCloses): boolean {
  const isSettled = ({ reason }: { readonly reason: CloseGapReason }) => reason !== 'unread'
  const [gapsBefore, gapsNow] = [known.gaps.filter(isSettled), read.gaps.filter(isSettled)]
  const usdByDay = new Map(known.closes.map(({ day, usd }) => [day, usd]))
  return (
    read.closes.every(({ day, usd }) => (usdByDay.get(day) ?? usd) === usd) &&
    !known.closes.some(({ day }) => gapsNow.some((gap) => isWithin(day, gap))) &&
    !read.closes.some(({ day }) => gapsBefore.some((gap) => isWithin(day, gap)))
  )
}
