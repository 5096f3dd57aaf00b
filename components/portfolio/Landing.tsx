import { ConnectButton } from '@/components/wallet/ConnectButton'
import { WatchAddressButton } from '@/components/wallet/WatchAddressButton'
import { ExampleFigure } from './ExampleFigure'
import { LandingNotice } from './LandingNotice'

const promises = [
  {
    title: 'One signature',
    text: 'All sells and buys travel in one transaction, with their approvals where your wallet can batch. They happen together or not at all.',
  },
  {
    title: 'Priced before you act',
    text: 'Fee, price impact and gas in dollars, and how far the plan is at most from the limit of these pools.',
  },
  {
    title: 'What you see is what you sign',
    text: 'Independent code decodes the bytes again before your wallet gets them. Any difference blocks the bundle.',
  },
] as const

/** What a person sees who has not connected a wallet: what this is, and two ways in. */
export function Landing() {
  return (
    <div className="pt-4 sm:pt-10">
      <LandingNotice />
      <div className="grid items-center gap-x-16 gap-y-12 lg:grid-cols-[1.1fr_1fr]">
        <div>
          <h1 className="text-balance font-semibold text-[2.5rem] leading-[1.06] tracking-[-0.035em] sm:text-[3.5rem]">
            Your portfolio, back at its weights.
          </h1>
          <p className="mt-5 max-w-[34rem] text-pretty text-[17px] text-ink-soft leading-relaxed sm:text-lg">
            Ballast reads what your wallet holds, shows how far it has drifted from the weights you chose, and brings it
            back with one bundle of swaps.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <ConnectButton size="lg" className="max-sm:w-full" />
            <WatchAddressButton size="lg" className="max-sm:w-full" />
          </div>
          <p className="mt-5 max-w-[34rem] text-ink-faint text-sm leading-relaxed">
            Connecting only reads: nothing moves without a transaction that you confirm in your wallet. If this site
            ever asks you to sign a message, it is not us.
          </p>
        </div>
        <ExampleFigure />
      </div>
      <ul className="mt-16 grid gap-8 border-line border-t pt-10 sm:mt-20 sm:grid-cols-3 sm:gap-10">
        {promises.map(({ title, text }) => (
          <li key={title}>
            <h2 className="font-semibold tracking-[-0.01em]">{title}</h2>
            <p className="mt-1.5 text-pretty text-[15px] text-ink-soft leading-relaxed">{text}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}
