import { formatAge } from '@/components/format/formatAge'
import { Alert } from '@/components/ui/Alert'
import { Button } from '@/components/ui/Button'
import { RpcUnreachableError, WrongChainError } from '@/lib/chain/appErrors'
import { localChainId } from '@/lib/chain/deployments/local'
import { toAppError } from '@/lib/chain/toAppError'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useNow } from '@/lib/hooks/useNow'
import { useRuntimeConfig } from '@/lib/hooks/useRuntimeConfig'

type ReadFailureProps = {
  readonly error: Error
  readonly isRetrying: boolean
  readonly onRetry: () => void
  /** When the figures below were read, where there are some. */
  readonly readAtMs?: number
}

/** The chain cannot be read: what failed, how old the figures are, what to do. */
export function ReadFailure({ error, isRetrying, onRetry, readAtMs }: ReadFailureProps) {
  const { chainId, name } = useDeployment()
  const { data: config } = useRuntimeConfig()
  const now = useNow()
  const failure = toAppError(error)
  const urls = config?.chains.find((chain) => chain.chainId === chainId)?.rpcUrls ?? []
  const hosts = urls.map((url) => new URL(url).host).join(', ')
  const isLocal = chainId === localChainId

  return (
    <Alert
      tone={readAtMs === undefined ? 'danger' : 'warn'}
      title={readAtMs === undefined ? `${name} cannot be read` : `${name} does not answer`}
      code={`read-${failure.name}`}
      action={
        <Button size="sm" icon="refresh" isBusy={isRetrying && readAtMs === undefined} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {readAtMs !== undefined && <p>What you see was read {formatAge((now - readAtMs) / 1_000)} ago.</p>}
      <p>{failure.message}</p>
      {failure instanceof RpcUnreachableError && (
        <p>
          Endpoint: {hosts}.{isLocal && ' The local chain runs as long as “npm run demo” does.'}
        </p>
      )}
      {failure instanceof WrongChainError && (
        <p>Whoever hosts this app can correct the endpoint in ballast.config.json.</p>
      )}
    </Alert>
  )
}
