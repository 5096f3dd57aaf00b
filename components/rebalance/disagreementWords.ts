import { formatPrice } from '@/components/format/formatPrice'
import type { Asset } from '@/lib/core/asset'
import { formatTokenAmount, formatTokenAmountFull } from '@/lib/core/numbers/format'
import type { SourceDisagreement } from '@/lib/core/sources/compareSources'
import { type Address, assertNever, type Usd } from '@/lib/core/units'
import { unlimitedFrom } from './listAllowances'
import { findAsset, findToken } from './planView'

/** What two sources say of one thing. There are no figures where they show another state of it as a whole. */
export type DisagreementView = {
  readonly what: string
  readonly figures: { readonly wallets: string; readonly ours: string } | undefined
}

const usdDecimals = 18
const unread = 'not readable'
const grouped = new Intl.NumberFormat('en-US')

type Pair<Value> = { readonly ours: Value | undefined; readonly wallets: Value | undefined }

/** Both in short, or in full where the short texts hide what differs. */
function writePair<Value>(
  { ours, wallets }: Pair<Value>,
  { short, full }: { readonly short: (value: Value) => string; readonly full: (value: Value) => string },
): DisagreementView['figures'] {
  const write = (value: Value | undefined, how: (value: Value) => string) => (value === undefined ? unread : how(value))
  const isHidden = write(ours, short) === write(wallets, short)
  const how = isHidden ? full : short
  return { ours: write(ours, how), wallets: write(wallets, how) }
}

function writeAmounts(pair: Pair<bigint>, decimals: number, symbol: string): DisagreementView['figures'] {
  const write = (how: (amount: bigint, decimals: number) => string) => (amount: bigint) =>
    amount >= unlimitedFrom ? `unlimited ${symbol}` : `${how(amount, decimals)} ${symbol}`
  return writePair(pair, { short: write(formatTokenAmount), full: write(formatTokenAmountFull) })
}

function writePrices(pair: Pair<Usd>): DisagreementView['figures'] {
  return writePair(pair, { short: formatPrice, full: (usd) => `$${formatTokenAmountFull(usd, usdDecimals)}` })
}

/** Says what two sources disagree on, with what each of them says. */
export function describeDisagreement(disagreement: SourceDisagreement, assets: readonly Asset[]): DisagreementView {
  const decimalsOf = (token: Address) => findToken(assets, token)?.decimals ?? 0
  switch (disagreement.kind) {
    case 'balance': {
      const { token, symbol } = disagreement
      return { what: `Your ${symbol} balance`, figures: writeAmounts(disagreement, decimalsOf(token), symbol) }
    }
    case 'allowance': {
      const { token, symbol, ours, wallets } = disagreement
      if (ours !== undefined && ours === wallets) {
        return { what: `Until when your ${symbol} may be taken`, figures: undefined }
      }
      return {
        what: `What may be taken of your ${symbol}`,
        figures: writeAmounts(disagreement, decimalsOf(token), symbol),
      }
    }
    case 'price':
      return { what: `Price of ${disagreement.assetId}`, figures: writePrices(disagreement) }
    case 'quote': {
      const { assetId } = disagreement
      const decimals = findAsset(assets, assetId)?.decimals ?? 0
      return { what: `${assetId} that you get`, figures: writeAmounts(disagreement, decimals, assetId) }
    }
    case 'block': {
      const { ours, wallets, secondsApart } = disagreement
      const figures = { ours: grouped.format(ours), wallets: grouped.format(wallets) }
      return { what: `Newest block, ${secondsApart} s apart`, figures }
    }
    case 'pool':
      return { what: `The pool of ${disagreement.assetIds.join(' and ')}`, figures: undefined }
    default:
      return assertNever(disagreement)
  }
}
