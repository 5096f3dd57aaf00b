/** Remembers across page loads that the site may see the account, as an extension would. */
export type DemoWalletMemory = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const memoryKey = 'ballast.demoWallet.connected'

/** Whether the site may see the account, kept where `localStorage` or what is given can keep it, else until the page is left. */
export function createMemory(given: DemoWalletMemory | undefined) {
  const memory = given ?? browserMemory()
  let isConnected = attempt(() => memory?.getItem(memoryKey)) === 'yes'
  return {
    isConnected: () => isConnected,
    setConnected: (next: boolean) => {
      isConnected = next
      attempt(() => (next ? memory?.setItem(memoryKey, 'yes') : memory?.removeItem(memoryKey)))
    },
  }
}

/** A browser may have storage switched off: then merely touching it throws. */
function browserMemory(): DemoWalletMemory | undefined {
  return attempt(() => globalThis.localStorage)
}

function attempt<Result>(task: () => Result): Result | undefined {
  try {
    return task()
  } catch {
    return undefined
  }
}
