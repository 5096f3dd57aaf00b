import { useMutation, useQueryClient } from '@tanstack/react-query'
import { exportPlanFile } from '@/lib/query/exportPlanFile'
import type { PlanSubject } from '@/lib/query/planQuery'

/** Makes the browser save a text as a file. */
function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Saves a subject's plan, as it is shown, as a file that the command line checks. */
export function useExportPlan(subject: PlanSubject) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const file = await exportPlanFile(queries, subject)
      const block = file.made === undefined ? '' : `-${file.made.block.number}`
      download(`ballast-plan-${subject.deployment.chainId}${block}.json`, JSON.stringify(file, undefined, 2))
    },
  })
}
