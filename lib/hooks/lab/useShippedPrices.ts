import { useQuery } from '@tanstack/react-query'
import { shippedPricesQuery } from '@/lib/query/shippedPricesQuery'

/** The daily prices that come with the app. */
export function useShippedPrices() {
  return useQuery(shippedPricesQuery())
}
