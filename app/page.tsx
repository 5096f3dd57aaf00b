import { PortfolioScreen } from '@/components/portfolio/PortfolioScreen'

export default function PortfolioPage() {
  return <PortfolioScreen />
}
