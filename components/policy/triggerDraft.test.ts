import { describe, expect, test } from 'vitest'
import { blankTriggerSettings, type TriggerSettings } from '@/lib/core/triggers/triggerSettings'
import { toBps } from '@/lib/core/units'
import { parseTriggers, type TriggerDraft, toTriggerDraft } from './triggerDraft'

const openedSeconds = 1_760_000_000
const draft = toTriggerDraft(blankTriggerSettings)
const parse = (change: Partial<TriggerDraft>, saved: TriggerSettings = blankTriggerSettings) =>
  parseTriggers({ ...draft, ...change }, { saved, openedSeconds })

describe('parseTriggers', () => {
  test('default: nothing chosen is nothing saved', () => {
    expect(parse({})).toEqual({ status: 'parsed', settings: { isNotifying: false } })
  })

  const settings: readonly TriggerSettings[] = [
    { band: { kind: 'threshold', threshold: { kind: 'absolute', triggerBps: toBps(525) } }, isNotifying: true },
    {
      band: { kind: 'threshold', threshold: { kind: 'relative', shareBps: toBps(2500), leastBps: toBps(50) } },
      isNotifying: false,
    },
    {
      band: {
        kind: 'threshold',
        threshold: { kind: 'volatilityScaled', deviations: 1.5, horizonDays: 14, leastBps: toBps(100) },
      },
      calendar: { everyDays: 30, startSeconds: 5 },
      isNotifying: false,
    },
    { band: { kind: 'costAware', riskAversion: 'cautious' }, isNotifying: false },
  ]
  test.each(settings)('behaviour: what is saved comes back as it was: %j', (saved) => {
    expect(parseTriggers(toTriggerDraft(saved), { saved, openedSeconds })).toEqual({
      status: 'parsed',
      settings: saved,
    })
  })

  test('behaviour: a calendar of other days starts anew', () => {
    const saved: TriggerSettings = { calendar: { everyDays: 30, startSeconds: 5 }, isNotifying: false }
    expect(parse({ hasCalendar: true, everyDays: '7' }, saved)).toMatchObject({
      settings: { calendar: { everyDays: 7, startSeconds: openedSeconds } },
    })
  })

  test.each([
    [{ drift: 'absolute', absolute: '0' }, { absolute: 'Enter more than 0.' }],
    [{ drift: 'absolute', absolute: '60' }, { absolute: 'Enter at most 50.' }],
    [{ drift: 'volatilityScaled', deviations: '-1' }, { deviations: 'Enter a number above 0, such as 1.5.' }],
    [{ drift: 'volatilityScaled', horizonDays: '999' }, { horizonDays: 'Enter at most 366.' }],
    [{ hasCalendar: true, everyDays: '1.5' }, { everyDays: 'Enter a whole number of days from 1 to 366.' }],
    [{ hasCalendar: true, everyDays: '367' }, { everyDays: 'Enter a whole number of days from 1 to 366.' }],
  ] as const)('behaviour: %j is refused at its field', (change, refusals) => {
    expect(parse(change)).toEqual({ status: 'refused', refusals })
  })

  test('behaviour: every wrong field is named, and none of a way that is not chosen', () => {
    expect(parse({ drift: 'relative', relative: 'x', least: '', hasCalendar: true, everyDays: '0' })).toMatchObject({
      refusals: { relative: expect.any(String), least: expect.any(String), everyDays: expect.any(String) },
    })
    expect(parse({ drift: 'none', absolute: 'x', least: 'x', everyDays: 'x' }).status).toBe('parsed')
  })
})
