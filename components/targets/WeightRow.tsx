import { type CSSProperties, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { RuleMark } from '@/components/policy/ruleWords'
import { Badge } from '@/components/ui/Badge'
import { cx } from '@/components/ui/cx'
import { IconButton } from '@/components/ui/IconButton'
import { TokenLogo } from '@/components/ui/TokenLogo'
import { formatWeight } from '@/lib/core/numbers/format'
import { parseWeightPercent } from '@/lib/core/targetsText'
import { bpsWhole } from '@/lib/core/units'
import type { DraftRow } from './targetsDraft'

type WeightRowProps = {
  readonly row: DraftRow
  /** What the asset makes up now, where that is known. */
  readonly nowBps: number | undefined
  readonly isFocusWanted: boolean
  readonly isExcluded: boolean
  /** What is laid down for the asset, in short. */
  readonly marks: readonly RuleMark[]
  readonly isRuleWrong: boolean
  /** The fields of its limits, folded away at first. */
  readonly limits: ReactNode
  readonly onType: (text: string) => void
  readonly onSlide: (weightBps: number) => void
  readonly onToggleLock: () => void
  readonly onRemove: () => void
}

/** The target of one asset: by number, by slider, locked or not, with its limits behind a button. */
export function WeightRow(props: WeightRowProps) {
  const { row, nowBps, isExcluded, marks, isRuleWrong, limits, onRemove } = props
  const { assetId, text } = row
  const [areLimitsOpen, setAreLimitsOpen] = useState(false)
  const parsed = parseWeightPercent(text)
  const id = useId()

  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto_auto_auto] items-center gap-x-1 gap-y-0 border-line border-t py-2.5 first:border-t-0 sm:grid-cols-[9.5rem_minmax(0,1fr)_auto_auto_auto_auto] sm:gap-x-1.5">
      <span className="flex min-w-0 items-center gap-2 sm:gap-3">
        <TokenLogo symbol={assetId} />
        <span className="min-w-0">
          <span className="block truncate font-semibold leading-5">{assetId}</span>
          <span className="block whitespace-nowrap text-[13px] text-ink-faint leading-5 tabular-nums">
            {isExcluded ? 'excluded' : nowBps === undefined ? 'not held' : `now ${formatWeight(nowBps)}`}
          </span>
        </span>
      </span>
      {isExcluded ? (
        <p className="text-right text-ink-faint text-sm sm:col-span-3 sm:pr-3">no weight</p>
      ) : (
        <WeightControls {...props} problemId={`${id}-problem`} />
      )}
      <IconButton
        icon="sliders"
        label={`Limits for ${assetId}`}
        aria-expanded={areLimitsOpen}
        aria-controls={`${id}-limits`}
        onClick={() => setAreLimitsOpen((was) => !was)}
        className={cx(
          !isExcluded && 'max-sm:order-last',
          isRuleWrong ? 'text-danger' : (marks.length > 0 || areLimitsOpen) && 'text-accent',
          areLimitsOpen && 'bg-hover',
        )}
      />
      <IconButton icon="close" label={`Remove ${assetId}`} onClick={onRemove} className="-mr-2" />
      {parsed.status === 'refused' && (
        <p id={`${id}-problem`} className="order-last col-span-full mt-1 text-danger text-sm">
          {parsed.message}
        </p>
      )}
      {!areLimitsOpen && !isExcluded && marks.length > 0 && (
        <p className="order-last col-span-full mt-1 flex flex-wrap gap-1.5 sm:pl-11">
          {marks.map((mark) => (
            <Badge key={mark.text} title={mark.explanation}>
              {mark.text}
            </Badge>
          ))}
        </p>
      )}
      <section
        id={`${id}-limits`}
        aria-label={`Limits for ${assetId}`}
        hidden={!areLimitsOpen}
        className="order-last col-span-full mt-2"
      >
        {areLimitsOpen && limits}
      </section>
    </li>
  )
}

type WeightControlsProps = Pick<WeightRowProps, 'row' | 'isFocusWanted' | 'onType' | 'onSlide' | 'onToggleLock'> & {
  readonly problemId: string
}

function WeightControls({ row, isFocusWanted, onType, onSlide, onToggleLock, problemId }: WeightControlsProps) {
  const { assetId, text, isLocked } = row
  const parsed = parseWeightPercent(text)
  const isRefused = parsed.status === 'refused'
  const weightBps = isRefused ? 0 : parsed.weightBps
  const input = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (isFocusWanted) input.current?.focus()
  }, [isFocusWanted])

  return (
    <>
      <input
        type="range"
        min={0}
        max={bpsWhole}
        step={10}
        value={weightBps}
        disabled={isLocked}
        aria-label={`Slider for ${assetId}`}
        aria-valuetext={formatWeight(weightBps)}
        onChange={(event) => onSlide(Number(event.target.value))}
        style={{ '--filled': `${weightBps / 100}%` } as CSSProperties}
        className="range order-last col-span-3 mt-1 w-full sm:order-none sm:col-span-1 sm:mt-0 sm:mr-2"
      />
      <span className="relative">
        <input
          ref={input}
          value={text}
          onChange={(event) => onType(event.target.value)}
          onFocus={(event) => event.target.select()}
          inputMode="decimal"
          autoComplete="off"
          aria-label={`Target for ${assetId}`}
          aria-invalid={isRefused}
          aria-describedby={isRefused ? problemId : undefined}
          className="min-h-11 w-[5.25rem] rounded-control sm:w-[5.75rem] border border-control bg-surface pr-7 pl-3 text-right text-base tabular-nums aria-invalid:border-danger sm:text-[15px]"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-ink-faint text-sm"
        >
          %
        </span>
      </span>
      <IconButton
        icon={isLocked ? 'lock' : 'unlock'}
        label={`${isLocked ? 'Unlock' : 'Lock'} ${assetId}`}
        aria-pressed={isLocked}
        onClick={onToggleLock}
        className={cx(isLocked && 'text-accent')}
      />
    </>
  )
}
