import type { Metadata } from 'next'
import { RebalanceScreen } from '@/components/rebalance/RebalanceScreen'

export const metadata: Metadata = { title: 'Rebalance' }

export default function RebalancePage() {
  return <RebalanceScreen />
}
