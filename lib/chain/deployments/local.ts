import type { Deployment } from './deployment'
import { mainnetAssets } from './mainnetAssets'

/** The chain id of the local chain: never that of a real one, so that nothing signed here is valid elsewhere. */
export const localChainId = 31337

/** The local chain holds the real contracts at their addresses on Ethereum. */
export const localDeployment: Deployment = {
  chainId: localChainId,
  name: 'Local chain',
  blockSeconds: 2,
  nativeReserveFloor: 10n ** 16n,
  contracts: {
    wrappedNative: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
    multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
    permit2: '0x000000000022D473030F116dDEE9F6B43aC78BA3',
    uniswapV2Factory: '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f',
    uniswapV3Factory: '0x1F98431c8aD98523631AE4a59f267346ea31F984',
    swapRouter02: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
    quoterV2: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e',
    tickLens: '0xbfd8137f7d1516D3ea5cA83523914859ec47F573',
    universalRouter: '0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af',
    v4PoolManager: '0x000000000004444c5dc75cB358380D2e3dE08A90',
    v4StateView: '0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227',
    v4Quoter: '0x52F0E24D1c21C8A0cB1e5a5dD6198556BD9E1203',
  },
  uniswapV2PairInitCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f',
  uniswapV3PoolInitCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54',
  uniswapV3FeeTiers: [
    { feePips: 100, tickSpacing: 1 },
    { feePips: 500, tickSpacing: 10 },
    { feePips: 3000, tickSpacing: 60 },
    { feePips: 10000, tickSpacing: 200 },
  ],
  uniswapV4FeeTiers: [
    { feePips: 100, tickSpacing: 1 },
    { feePips: 500, tickSpacing: 10 },
    { feePips: 3000, tickSpacing: 60 },
    { feePips: 10000, tickSpacing: 200 },
  ],
  trustedDelegates: ['0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'],
  hubAssetIds: ['ETH', 'USDC', 'USDT', 'DAI', 'WBTC'],
  assets: mainnetAssets,
}
