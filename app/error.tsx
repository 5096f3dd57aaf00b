'use client'

import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'

type ScreenErrorProps = { readonly error: Error & { readonly digest?: string }; readonly reset: () => void }

export default function ScreenError({ error, reset }: ScreenErrorProps) {
  return (
    <div className="mx-auto max-w-2xl py-16">
      <h1 className="mb-6 font-semibold text-3xl tracking-[-0.025em]">This screen stopped</h1>
      <Alert
        title="Something in the app itself went wrong"
        code={`screen-${error.name}`}
        action={
          <Button size="sm" icon="refresh" onClick={reset}>
            Try again
          </Button>
        }
      >
        <p>Nothing was sent by this. What was sent before stays on the chain, and is found again after a reload.</p>
        <p className="mt-2 break-words text-ink-faint">{error.message}</p>
      </Alert>
    </div>
  )
}
