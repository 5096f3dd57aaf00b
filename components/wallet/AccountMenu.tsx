'use client'

import { shortenAddress } from '@/components/format/shortenAddress'
import { Button } from '@/components/ui/Button'
import { CopyButton } from '@/components/ui/CopyButton'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import { Menu } from '@/components/ui/Menu'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useDisconnectWallet } from '@/lib/hooks/useDisconnectWallet'
import type { Session } from '@/lib/hooks/useSession'
import { useSwitchToDeployment } from '@/lib/hooks/useSwitchToDeployment'
import { watchAddress } from '@/lib/hooks/wallet/watchedAddress'
import { ConnectButton } from './ConnectButton'

type Present = Extract<Session, { status: 'connected' | 'watching' }>

function Dot({ tone }: { tone: 'ok' | 'warn' }) {
  return <span aria-hidden="true" className={cx('size-2 rounded-full', tone === 'ok' ? 'bg-ok' : 'bg-warn')} />
}

/** The account that is shown, its chain, and the way out. */
export function AccountMenu({ session }: { session: Present }) {
  const { name } = useDeployment()
  const disconnectWallet = useDisconnectWallet()
  const { switchToDeployment, isSwitching } = useSwitchToDeployment()
  const { account } = session
  const isOnOtherChain = session.status === 'connected' && session.isOnOtherChain
  const short = shortenAddress(account)

  return (
    <Menu
      label={`${session.status === 'connected' ? 'Account' : 'Watching'} ${account}`}
      trigger={
        <>
          {session.status === 'connected' ? <Dot tone={isOnOtherChain ? 'warn' : 'ok'} /> : <Icon name="eye" />}
          <span className="whitespace-nowrap tabular-nums">
            <span className="sm:hidden">…{account.slice(-4)}</span>
            <span className="max-sm:hidden">{short}</span>
          </span>
          <Icon name="chevron" className="size-3 text-ink-faint max-[26rem]:hidden" />
        </>
      }
    >
      {(close) => (
        <>
          <div className="flex items-start gap-1 px-3 pt-2 pb-3">
            <div className="min-w-0 flex-1">
              <p className="text-[13px] text-ink-faint">
                {session.status === 'connected'
                  ? `Connected through ${session.connector.name}`
                  : 'Read only: nothing can be signed'}
              </p>
              <p className="mt-1 break-all font-medium text-sm leading-snug">{account}</p>
            </div>
            <CopyButton text={account} label="Copy address" />
          </div>
          <div className="flex min-h-11 items-center justify-between gap-3 border-line border-t px-3 py-2 text-sm">
            <span className="inline-flex items-center gap-2">
              <Dot tone={isOnOtherChain ? 'warn' : 'ok'} />
              {isOnOtherChain ? 'The wallet is on another chain' : name}
            </span>
            {isOnOtherChain && (
              <Button size="sm" isBusy={isSwitching} onClick={switchToDeployment}>
                Change chain
              </Button>
            )}
          </div>
          <div className="flex flex-wrap gap-2 border-line border-t px-1 pt-2">
            {session.status === 'connected' ? (
              <Button
                variant="ghost"
                className="flex-1"
                onClick={() => {
                  close()
                  disconnectWallet()
                }}
              >
                Disconnect
              </Button>
            ) : (
              <>
                <Button
                  variant="ghost"
                  className="flex-1"
                  onClick={() => {
                    close()
                    watchAddress(undefined)
                  }}
                >
                  Stop watching
                </Button>
                <ConnectButton variant="secondary" className="flex-1" label="Connect" />
              </>
            )}
          </div>
        </>
      )}
    </Menu>
  )
}
