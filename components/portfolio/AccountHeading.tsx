import { shortenAddress } from '@/components/format/shortenAddress'
import { Badge } from '@/components/ui/Badge'
import type { Session } from '@/lib/hooks/useSession'

/** Whose portfolio it is: the heading of the screen. */
export function AccountHeading({ session }: { session: Extract<Session, { status: 'connected' | 'watching' }> }) {
  return (
    <h1 className="mb-1 flex min-h-6 items-center gap-2 text-ink-faint text-sm">
      Portfolio of {shortenAddress(session.account)}
      {session.status === 'watching' && <Badge>read only</Badge>}
    </h1>
  )
}
