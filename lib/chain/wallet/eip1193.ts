/** A wallet as EIP-1193 describes it, as far as it is used. */
export type WalletProvider = {
  readonly request: (args: { readonly method: string; readonly params?: unknown }) => Promise<unknown>
  /** Set by a wallet that lives in the page: a prompt that was open when the page was left is gone. */
  readonly promptsEndWithPage?: boolean
}
