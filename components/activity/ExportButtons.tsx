import { Button } from '@/components/ui/Button'
import { composeActivityCsv } from '@/lib/core/activity/activityCsv'
import { composeActivityJson } from '@/lib/core/activity/activityJson'
import type { Receipt } from '@/lib/core/activity/receipt'
import { downloadText } from './downloadText'

/** Saves all receipts as a file: a row for each leg, or everything. */
export function ExportButtons({ receipts, chainId }: { receipts: readonly Receipt[]; chainId: number }) {
  const nameOf = (ending: string) => `ballast-activity-${chainId}-${new Date().toISOString().slice(0, 10)}.${ending}`
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        onClick={() =>
          downloadText({ name: nameOf('csv'), text: composeActivityCsv(receipts), type: 'text/csv;charset=utf-8' })
        }
      >
        Export CSV
      </Button>
      <Button
        size="sm"
        onClick={() =>
          downloadText({ name: nameOf('json'), text: composeActivityJson(receipts), type: 'application/json' })
        }
      >
        Export JSON
      </Button>
    </div>
  )
}
