import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { RuntimeConfigError } from '@/lib/config/runtimeConfig'

type ConfigFailureProps = {
  /** Missing where the configuration is fine but names no chain that this version knows. */
  readonly error?: Error | undefined
  readonly isRetrying?: boolean
  readonly onRetry?: () => void
}

/** The app does not know which chain to read, and says who can do something about it. */
export function ConfigFailure({ error, isRetrying = false, onRetry }: ConfigFailureProps) {
  const kind = error instanceof RuntimeConfigError ? error.failure.kind : 'noKnownChain'
  return (
    <Alert
      title="The configuration of this site cannot be used"
      code={`config-${kind}`}
      action={
        onRetry !== undefined && (
          <Button size="sm" icon="refresh" isBusy={isRetrying} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {error?.message ??
        'ballast.config.json names no chain that this version knows. Whoever hosts this app can add one.'}
    </Alert>
  )
}
