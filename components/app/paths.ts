/** Where a plan is made, reviewed and signed. */
export const planPath = '/rebalance/'

/** Where the receipts of what was done are. */
export const activityPath = '/activity/'

/** Where bands, back-tests and tracking error are worked out. */
export const labPath = '/lab/'
