import Link from 'next/link'
import { planPath } from '@/components/app/paths'
import { linkStyles } from '@/components/rebalance/linkStyles'

/** No receipt yet: what one will say, and how to get one. */
export function EmptyActivity() {
  return (
    <section className="rounded-panel border border-line-strong border-dashed px-6 py-12 text-center">
      <h2 className="font-semibold text-lg">No rebalance yet on this device</h2>
      <p className="mx-auto mt-2 max-w-xl text-pretty text-ink-soft">
        Every rebalance that you sign here leaves a receipt: for each leg what was quoted, what was promised at least
        and what arrived, what the price feeds said, the gas, and the whole cost in dollars and basis points. From a
        receipt you can also plan the way back.
      </p>
      <p className="mx-auto mt-3 max-w-xl text-pretty text-ink-faint text-sm">
        Receipts stay in this browser, for each account and chain. Rebalances that were signed elsewhere are not here.
      </p>
      <div className="mt-6 flex justify-center">
        <Link href={planPath} prefetch={false} className={linkStyles.primary}>
          Plan rebalance
        </Link>
      </div>
    </section>
  )
}
