/** The plan's columns: cost stays beside weights and trades on wide screens and stands between them on narrow ones. */
export const planGrid = {
  frame: 'grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr]',
  weights: 'min-w-0 lg:col-start-1 lg:row-start-1',
  cost: 'min-w-0 lg:sticky lg:top-24 lg:col-start-2 lg:row-span-2 lg:row-start-1',
  rest: 'min-w-0 space-y-6 lg:col-start-1 lg:row-start-2',
} as const
