import { walkLab } from '@/lib/core/backtest/runLab'
import type { LabMessage, LabResponse } from './labMessages'
import { createLabQueue } from './labQueue'

const respond = (response: LabResponse) => self.postMessage(response)

const queue = createLabQueue({
  walkLab,
  respond,
  schedule: (task) => setTimeout(task, 0),
  clock: () => performance.now(),
})

self.addEventListener('message', ({ data }: MessageEvent<LabMessage>) => queue.receive(data))
