import type { LabProgress, LabRequest, LabResult } from '@/lib/core/backtest/runLab'

/** What the page asks of the lab's thread. */
export type LabMessage =
  | { readonly kind: 'run'; readonly id: number; readonly request: LabRequest }
  | { readonly kind: 'cancel'; readonly id: number }

/** What the lab's thread answers. A cancelled request has no answer. */
export type LabResponse =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: LabProgress }
  | { readonly kind: 'finished'; readonly id: number; readonly result: LabResult; readonly elapsedMs: number }
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly name: string
      readonly message: string
      /** Where the request is at fault, if it is. */
      readonly field?: string
    }
