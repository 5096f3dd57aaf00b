import { Fragment } from 'react'

type RouteProps = {
  readonly hops: readonly { readonly from: string; readonly to: string; readonly venue: string; readonly fee: string }[]
}

/** The pools on the way from one asset to another: `USDC v3 0.05 % ETH v2 0.3 % LINK`. */
export function Route({ hops }: RouteProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-[13px] text-ink-faint">
      <span className="sr-only">Way: </span>
      <span className="text-ink-soft">{hops[0]?.from}</span>
      {hops.map((hop) => (
        <Fragment key={`${hop.from}-${hop.to}`}>
          <span aria-hidden="true">→</span>
          <span className="whitespace-nowrap rounded-md bg-sunken px-1.5 py-px">
            {hop.venue} · {hop.fee}
          </span>
          <span aria-hidden="true">→</span>
          <span className="text-ink-soft">{hop.to}</span>
        </Fragment>
      ))}
    </p>
  )
}
