import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { noRelief, type Relief } from '@/lib/core/drought/relief'
import { formatWeight } from '@/lib/core/numbers/format'
import { joinNames } from './planWords'

type ReliefNoteProps = { readonly relief: Relief; readonly onRelieve: (relief: Relief) => void }

/** Says what was taken out of this plan, and takes it back. */
export function DroughtReliefNote({ relief, onRelieve }: ReliefNoteProps) {
  const { skipped, turnoverCapBps } = relief
  const told = [
    ...(turnoverCapBps === undefined ? [] : [`sells at most ${formatWeight(turnoverCapBps)} of the portfolio`]),
    ...(skipped.length === 0 ? [] : [`leaves ${joinNames(skipped)} alone`]),
  ]
  if (told.length === 0) return null
  return (
    <Alert
      tone="info"
      code="droughtRelief"
      title={`This plan ${joinNames(told)}`}
      action={
        <Button size="sm" onClick={() => onRelieve(noRelief)}>
          Plan the whole again
        </Button>
      }
    >
      For this visit only; your settings stay as they are.
    </Alert>
  )
}
