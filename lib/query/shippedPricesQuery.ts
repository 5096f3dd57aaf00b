import { queryOptions } from '@tanstack/react-query'
import { type ShippedPrices, toShippedPrices } from '@/lib/core/backtest/shippedPrices'

const path = '/lab/prices-daily.json'

/** The file of daily prices is not where the app lies. */
export class ShippedPricesMissingError extends Error {
  override readonly name = 'ShippedPricesMissingError'
  constructor(readonly httpStatus: number) {
    super(
      `The file of daily prices could not be read (HTTP ${httpStatus}). Try again, or take another source of prices.`,
    )
  }
}

/** The daily prices that come with the app. They do not change while a page is open. */
export function shippedPricesQuery() {
  return queryOptions({
    queryKey: ['shippedPrices'],
    queryFn: async ({ signal }): Promise<ShippedPrices> => {
      const response = await fetch(path, { signal })
      if (!response.ok) throw new ShippedPricesMissingError(response.status)
      return toShippedPrices(await response.json())
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
    retryDelay: 400,
  })
}
