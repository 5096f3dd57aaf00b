import { Fragment } from 'react'

type RouteProps = {
  readonly hops: readonly { readonly from: string; readonly to: string; readonly venue: string; readonly fee: string }[]
}

function Pool({ venue, fee }: { venue: string; fee: string }) {
  return (
    <span className="whitespace-nowrap rounded-md bg-sunken px-1.5 py-px">
      {venue} {fee}
    </span>
  )
}

/** The pools on the way from one asset to another: `USDC → v3 0.05 % → ETH → v2 0.3 % → LINK`. A single pool is named alone. */
export function Route({ hops }: RouteProps) {
  const [first, ...others] = hops
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-[13px] text-ink-faint">
      {first !== undefined && others.length === 0 ? (
        <>
          <span className="sr-only">Pool: </span>
          <Pool venue={first.venue} fee={first.fee} />
        </>
      ) : (
        <>
          <span className="sr-only">Way: </span>
          <span className="text-ink-soft">{first?.from}</span>
          {hops.map((hop) => (
            <Fragment key={`${hop.from}-${hop.to}`}>
              <span aria-hidden="true">→</span>
              <Pool venue={hop.venue} fee={hop.fee} />
              <span aria-hidden="true">→</span>
              <span className="text-ink-soft">{hop.to}</span>
            </Fragment>
          ))}
        </>
      )}
    </p>
  )
}
