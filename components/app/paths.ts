/** Where a plan is made, reviewed and signed. */
export const planPath = '/rebalance/'
