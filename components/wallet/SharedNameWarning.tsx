import { useSharedNames } from '@/lib/hooks/wallet/useSharedNames'

/** Stands under the list of wallets when one of them may be posing as another. */
export function SharedNameWarning() {
  return useSharedNames().map(({ rdns, names }) => (
    <p key={rdns} role="note" data-error-code="sharedWalletName" className="text-left text-[13px] text-warn">
      {names.length} wallets here call themselves <span className="break-all font-mono">{rdns}</span>. Names and icons
      are what each extension says of itself, so one may pose as another. Close this, switch off the extension that you
      do not know, and load the page again.
    </p>
  ))
}
