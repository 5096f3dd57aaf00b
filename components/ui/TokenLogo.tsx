import { cx } from './cx'

const drawn = new Set(['ETH', 'WBTC', 'USDC', 'USDT', 'DAI', 'LINK', 'UNI', 'AAVE', 'MKR', 'COMP', 'CRV', 'SNX'])

const sizes = { sm: 'size-5 text-[8px]', md: 'size-8 text-[10px]', lg: 'size-10 text-xs' } as const

/** The logo of a listed asset from the app's own files, or its first letters. */
export function TokenLogo({ symbol, size = 'md' }: { symbol: string; size?: keyof typeof sizes }) {
  const logo = symbol === 'WETH' ? 'ETH' : symbol
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-flex shrink-0 items-center justify-center overflow-hidden rounded-full bg-sunken font-semibold text-ink-soft ring-1 ring-line',
        sizes[size],
      )}
    >
      {drawn.has(logo) ? (
        // biome-ignore lint/performance/noImgElement: a 1 kB SVG of our own needs no image pipeline.
        <img src={`/tokens/${logo.toLowerCase()}.svg`} alt="" width={32} height={32} className="size-full" />
      ) : (
        symbol.slice(0, 3)
      )}
    </span>
  )
}
