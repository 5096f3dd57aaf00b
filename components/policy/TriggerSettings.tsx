import { useState } from 'react'
import { downloadText } from '@/components/activity/downloadText'
import { Button } from '@/components/ui/Button'
import { Dialog } from '@/components/ui/Dialog'
import { TextField } from '@/components/ui/Field'
import type { Targets } from '@/lib/core/targets'
import { judgeCalendar } from '@/lib/core/triggers/calendar'
import { composeCalendarFile } from '@/lib/core/triggers/calendarFile'
import { composeTriggerSeed } from '@/lib/core/triggers/triggerSeed'
import type { TriggerSettings as Settings } from '@/lib/core/triggers/triggerSettings'
import type { Address } from '@/lib/core/units'
import { askForNotices, readNoticePermission } from '@/lib/hooks/browserNotices'
import { TriggerDriftFields } from './TriggerDriftFields'
import { parseTriggers, type TriggerDraft, toTriggerDraft } from './triggerDraft'
import { formatDayAndTime } from './triggerWords'

type TriggerSettingsProps = {
  readonly saved: Settings
  readonly account: Address
  readonly targets: Targets
  readonly hasHistory: boolean
  readonly onSave: (settings: Settings) => void
  readonly onClose: () => void
}

const readSeconds = () => Math.floor(Date.now() / 1_000)

/** Where a person says what to be told of. Nothing is kept until "Save triggers". */
export function TriggerSettings({ saved, account, targets, hasHistory, onSave, onClose }: TriggerSettingsProps) {
  const [draft, setDraft] = useState(() => toTriggerDraft(saved))
  const [openedSeconds] = useState(readSeconds)
  const parsed = parseTriggers(draft, { saved, openedSeconds })
  const refusals = parsed.status === 'refused' ? parsed.refusals : {}
  const change = (part: Partial<TriggerDraft>) => setDraft((current) => ({ ...current, ...part }))
  const calendar = parsed.status === 'parsed' ? parsed.settings.calendar : undefined
  const rule = calendar && { ...calendar, seed: composeTriggerSeed(account, targets) }

  function save() {
    if (parsed.status === 'parsed') onSave(parsed.settings)
  }

  function download() {
    if (rule === undefined) return
    const text = composeCalendarFile({
      rule,
      writtenSeconds: readSeconds(),
      title: 'Look at the portfolio',
      description: `Every ${rule.everyDays} days. Ballast shows the drift and what a plan would cost; nothing trades by itself.`,
      url: new URL('/', window.location.href).href,
    })
    downloadText({ name: 'ballast-dates.ics', text, type: 'text/calendar' })
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="wide"
      staysOpenOnOutsideClick
      title="Triggers"
      description="What Ballast tells you of. A trigger never trades. Kept on this device, for this account and chain."
      footer={
        <div className="flex w-full flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <p className="min-w-0 flex-1 basis-56 text-ink-faint text-sm leading-5">
            {parsed.status === 'refused' ? 'A number cannot be read. Correct it to save.' : 'Ready to save.'}
          </p>
          <Button variant="primary" disabled={parsed.status === 'refused'} onClick={save} className="max-sm:w-full">
            Save triggers
          </Button>
        </div>
      }
    >
      <TriggerDriftFields draft={draft} refusals={refusals} hasHistory={hasHistory} onChange={change} />
      <fieldset className="mt-4 border-line border-t pt-4">
        <legend className="sr-only">When a date comes</legend>
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={draft.hasCalendar}
            onChange={({ target }) => change({ hasCalendar: target.checked })}
            className="size-[18px] shrink-0 accent-accent"
          />
          <span className="font-semibold">When a date comes</span>
        </label>
        {draft.hasCalendar && (
          <div className="space-y-3 pb-1 pl-[30px]">
            <div className="max-w-44">
              <TextField
                label="Every"
                unit="days"
                value={draft.everyDays}
                problem={refusals.everyDays}
                onChange={(everyDays) => change({ everyDays })}
              />
            </div>
            {rule !== undefined && (
              <>
                <p className="text-[13px] text-ink-faint leading-5">
                  <span className="text-ink-soft">
                    Next date {formatDayAndTime(judgeCalendar(rule, { nowSeconds: openedSeconds }).nextSeconds)}.
                  </span>{' '}
                  The day follows from account and targets, so that wallets that share targets do not act together. New
                  targets move it.
                </p>
                <Button size="sm" icon="download" onClick={download}>
                  Calendar file (.ics)
                </Button>
              </>
            )}
          </div>
        )}
      </fieldset>
      <NoticeChoice isNotifying={draft.isNotifying} onChange={(isNotifying) => change({ isNotifying })} />
    </Dialog>
  )
}

const noticeWords = {
  absent: 'This browser shows no notices of its own here. The notice on the page comes all the same.',
  denied: 'This browser does not let the page show notices. Its settings for this page can change that.',
  undecided: 'The browser did not allow it. The notice on the page comes all the same.',
  allowed: 'While a tab with Ballast is open. Without this the notice stands on the page only.',
} as const

type NoticeChoiceProps = { readonly isNotifying: boolean; readonly onChange: (isNotifying: boolean) => void }

/** Whether the browser tells too. It is asked only when the box is ticked. */
function NoticeChoice({ isNotifying, onChange }: NoticeChoiceProps) {
  const [permission, setPermission] = useState(readNoticePermission)
  const [isAsked, setIsAsked] = useState(false)
  const isShown = isNotifying && permission === 'allowed'

  async function choose(isWanted: boolean) {
    if (!isWanted) return onChange(false)
    const answer = await askForNotices()
    setPermission(answer)
    setIsAsked(true)
    onChange(answer === 'allowed')
  }

  return (
    <div className="mt-4 border-line border-t pt-4">
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={isShown}
          disabled={permission === 'absent' || permission === 'denied'}
          onChange={({ target }) => void choose(target.checked)}
          className="size-[18px] shrink-0 accent-accent"
        />
        <span className="min-w-0 leading-5">
          <span className="font-semibold">Tell me through the browser too</span>
          <span className="block text-[13px] text-ink-faint" aria-live="polite">
            {noticeWords[permission === 'undecided' && !isAsked ? 'allowed' : permission]}
          </span>
        </span>
      </label>
    </div>
  )
}
