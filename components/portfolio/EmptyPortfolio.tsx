import { CopyButton } from '@/components/ui/CopyButton'
import { WatchAddressButton } from '@/components/wallet/WatchAddressButton'
import { localChainId } from '@/lib/chain/deployments/local'
import type { Address } from '@/lib/core/units'
import { useDeployment } from '@/lib/hooks/useDeployment'

/** An account without any listed asset, and what can be done with it. */
export function EmptyPortfolio({ account }: { account: Address }) {
  const { chainId, name, assets } = useDeployment()
  const symbols = assets.map(({ id }) => id).join(', ')
  return (
    <section className="mt-7 rounded-panel border border-line-strong border-dashed px-6 py-12 text-center">
      <h2 className="font-semibold text-lg">Nothing here yet</h2>
      <p className="mx-auto mt-2 max-w-xl text-pretty text-ink-soft">
        This account holds none of the assets that Ballast lists on {name}: {symbols}. Send some to the address below,
        or look at another one.{chainId === localChainId && ' The demo wallet in the connect dialog holds test assets.'}
      </p>
      <p className="mt-5 inline-flex max-w-full items-center gap-1 rounded-control bg-sunken py-0.5 pr-0.5 pl-4 text-sm">
        <span className="break-all text-left">{account}</span>
        <CopyButton text={account} label="Copy address" />
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <WatchAddressButton />
      </div>
    </section>
  )
}
