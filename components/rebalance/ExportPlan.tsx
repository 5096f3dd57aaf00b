import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { useExportPlan } from '@/lib/hooks/useExportPlan'
import type { PlanSubject } from '@/lib/query/planQuery'

/** Saves the problem and the plan as a file that the command line checks again. */
export function ExportPlan({ subject }: { subject: PlanSubject }) {
  const exporting = useExportPlan(subject)
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="sm" icon="download" isBusy={exporting.isPending} onClick={() => exporting.mutate()}>
          Export plan
        </Button>
        <p className="min-w-0 flex-1 basis-56 text-[13px] text-ink-faint">
          The problem and this plan as JSON. Check it with{' '}
          <code className="break-words font-mono text-[12px] text-ink-soft">npm run --silent cli -- verify FILE</code>
        </p>
      </div>
      {exporting.isError && (
        <Alert tone="danger" code="exportFailed" title="The plan could not be exported">
          {exporting.error.message}
        </Alert>
      )}
    </div>
  )
}
