import { formatAge } from '@/components/format/formatAge'
import { IconButton } from '@/components/ui/IconButton'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { BlockRef } from '@/lib/core/snapshot'
import { useNow } from '@/lib/hooks/useNow'
import { measureAgeOf } from '@/lib/query/headAge'

type ReadingAgeProps = {
  readonly block: Pick<BlockRef, 'number' | 'timestamp'>
  readonly deployment: Deployment
  readonly readAtMs: number
  readonly onRefresh: () => void
}

const grouped = new Intl.NumberFormat('en-US')

/** Which block the figures are from, how long ago it was read or, where the chain has gone on without it, how old prices are. */
export function ReadingAge(props: ReadingAgeProps) {
  return <ReadingAgeAt {...props} nowMs={useNow()} />
}

/** As {@link ReadingAge}, at a time. */
export function ReadingAgeAt({ block, deployment, readAtMs, nowMs, onRefresh }: ReadingAgeProps & { nowMs: number }) {
  const age = measureAgeOf(block, deployment, nowMs)
  const readAge = formatAge((nowMs - readAtMs) / 1_000)
  return (
    <div className="flex items-center gap-1 text-[13px] text-ink-faint tabular-nums">
      <span>
        Block {grouped.format(block.number)} ·{' '}
        {age.status === 'fresh' ? (
          <>read {readAge === 'now' ? 'just now' : `${readAge} ago`}</>
        ) : (
          <span className="text-warn">prices are {formatAge(age.seconds)} old</span>
        )}
      </span>
      <IconButton icon="refresh" label="Read again" onClick={onRefresh} className="-my-2 -mr-3" />
    </div>
  )
}
