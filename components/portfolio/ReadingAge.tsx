import { formatAge } from '@/components/format/formatAge'
import { IconButton } from '@/components/ui/IconButton'
import { useNow } from '@/lib/hooks/useNow'

type ReadingAgeProps = { readonly block: bigint; readonly readAtMs: number; readonly onRefresh: () => void }

const grouped = new Intl.NumberFormat('en-US')

/** Which block the figures are from, how long ago it was read, and the way to read again. */
export function ReadingAge({ block, readAtMs, onRefresh }: ReadingAgeProps) {
  const age = formatAge((useNow() - readAtMs) / 1_000)
  return (
    <div className="flex items-center gap-1 text-[13px] text-ink-faint tabular-nums">
      <span>
        Block {grouped.format(block)} · read {age === 'now' ? 'just now' : `${age} ago`}
      </span>
      <IconButton icon="refresh" label="Read again" onClick={onRefresh} className="-my-2 -mr-3" />
    </div>
  )
}
