import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { Address } from '@/lib/core/units'

type Erc20 = {
  readonly symbol: string
  readonly name: string
  readonly decimals: number
  readonly address: Address
  readonly feed: Address
  readonly heartbeatSeconds: number
  readonly isStable?: boolean
  readonly resetsAllowance?: boolean
}

function erc20Asset(row: Erc20): Asset {
  const token = {
    address: row.address,
    symbol: row.symbol,
    name: row.name,
    decimals: row.decimals,
    resetsAllowance: row.resetsAllowance ?? false,
  }
  return {
    id: row.symbol,
    name: row.name,
    decimals: row.decimals,
    isStable: row.isStable ?? false,
    tokens: [token],
    poolToken: token,
    feed: { address: row.feed, decimals: 8, heartbeatSeconds: row.heartbeatSeconds },
  }
}

/** WETH9, the only wrapped native coin whose pools are used. */
export const wrappedEther = {
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  symbol: 'WETH',
  name: 'Wrapped Ether',
  decimals: 18,
  resetsAllowance: false,
} as const

/** Ether and WETH: one exposure, one target. */
const ether: Asset = {
  id: 'ETH',
  name: 'Ether',
  decimals: 18,
  isStable: false,
  tokens: [
    { address: nativeAddress, symbol: 'ETH', name: 'Ether', decimals: 18, resetsAllowance: false },
    wrappedEther,
  ],
  poolToken: wrappedEther,
  feed: { address: '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419', decimals: 8, heartbeatSeconds: 3600 },
}

/** Assets of Ethereum with their Chainlink feeds in US dollars (addresses: Etherscan, Chainlink's feed registry). */
export const mainnetAssets: readonly Asset[] = [
  ether,
  erc20Asset({
    symbol: 'WBTC',
    name: 'Wrapped Bitcoin',
    decimals: 8,
    address: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599',
    feed: '0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'USDC',
    name: 'USD Coin',
    decimals: 6,
    address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
    feed: '0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6',
    heartbeatSeconds: 86400,
    isStable: true,
  }),
  erc20Asset({
    symbol: 'USDT',
    name: 'Tether USD',
    decimals: 6,
    address: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
    feed: '0x3E7d1eAB13ad0104d2750B8863b489D65364e32D',
    heartbeatSeconds: 86400,
    isStable: true,
    resetsAllowance: true,
  }),
  erc20Asset({
    symbol: 'DAI',
    name: 'Dai',
    decimals: 18,
    address: '0x6B175474E89094C44Da98b954EedeAC495271d0F',
    feed: '0xAed0c38402a5d19df6E4c03F4E2DceD6e29c1ee9',
    heartbeatSeconds: 3600,
    isStable: true,
  }),
  erc20Asset({
    symbol: 'LINK',
    name: 'Chainlink',
    decimals: 18,
    address: '0x514910771AF9Ca656af840dff83E8264EcF986CA',
    feed: '0x2c1d072e956AFFC0D435Cb7AC38EF18d24d9127c',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'UNI',
    name: 'Uniswap',
    decimals: 18,
    address: '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984',
    feed: '0x553303d460EE0afB37EdFf9bE42922D8FF63220e',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'AAVE',
    name: 'Aave',
    decimals: 18,
    address: '0x7Fc66500c84A76Ad7e9c93437bFc5Ac33E2DDaE9',
    feed: '0x547a514d5e3769680Ce22B2361c10Ea13619e8a9',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'MKR',
    name: 'Maker',
    decimals: 18,
    address: '0x9f8F72aA9304c8B593d555F12eF6589cC3A579A2',
    feed: '0xec1D1B3b0443256cc3860e24a46F108e699484Aa',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'COMP',
    name: 'Compound',
    decimals: 18,
    address: '0xc00e94Cb662C3520282E6f5717214004A7f26888',
    feed: '0xdbd020CAeF83eFd542f4De03e3cF0C28A4428bd5',
    heartbeatSeconds: 3600,
  }),
  erc20Asset({
    symbol: 'CRV',
    name: 'Curve DAO',
    decimals: 18,
    address: '0xD533a949740bb3306d119CC777fa900bA034cd52',
    feed: '0xCd627aA160A6fA45Eb793D19Ef54f5062F20f33f',
    heartbeatSeconds: 86400,
  }),
  erc20Asset({
    symbol: 'SNX',
    name: 'Synthetix',
    decimals: 18,
    address: '0xC011a73ee8576Fb46F5E1c5751cA3B9Fe0af2a6F',
    feed: '0xDC3EA94CD0AC27d9A86C180091e7f78C683d3699',
    heartbeatSeconds: 86400,
  }),
]
