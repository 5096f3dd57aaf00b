/** Class names that all tables share, so that columns and numbers line up everywhere. */
export const tableStyles = {
  table: 'w-full border-collapse text-[15px]',
  headCell:
    'whitespace-nowrap px-3 py-2.5 font-medium text-[13px] text-ink-faint first:pl-5 last:pr-5 sm:first:pl-6 sm:last:pr-6',
  row: 'border-line border-t',
  cell: 'px-3 py-3 align-middle first:pl-5 last:pr-5 sm:first:pl-6 sm:last:pr-6',
  number: 'text-right tabular-nums whitespace-nowrap',
} as const
