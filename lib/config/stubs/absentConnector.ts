/**
 * Stands in for the inner entry of a wallet connector that this app leaves out of its packages (see "overrides" in
 * package.json). The connectors' module imports this name at load time, and nothing here ever calls it.
 */
export const z = undefined
