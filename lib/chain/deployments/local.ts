import type { Deployment } from './deployment'
import { mainnetAssets } from './mainnetAssets'

/** The chain id of the local chain: never that of a real one, so that nothing signed here is valid elsewhere. */
export const localChainId = 31337

/** The local chain holds the real contracts at their addresses on Ethereum. */
export const localDeployment: Deployment = {
  chainId: localChainId,
  name: 'Local chain',
  blockSeconds: 2,
  maxHeadAgeSeconds: 60,
  finality: { kind: 'depth', blocks: 8 },
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
  codeHashes: {
    wrappedNative: '0xb603564c85581d9f3165facdbd3edebd05417b132ec760ce26eba226ca210458',
    multicall3: '0x5a29a1eb2f59e45e4249b938c8192cac0d2bd32398e1afa03f302a867db692ea',
    permit2: '0x43e2e04ef05ffe84596d6d140b826f3fe20ed569c89e49d712586eb5a6644348',
    uniswapV2Factory: '0xbab145d02e7005f0d84c6c1639d39b799b0ea16df99ebbdaf5a14d9da820b4e0',
    uniswapV3Factory: '0x4d7b8525cd5d14343fa67a732fba5b24cddba11620ca88392f4ec6c52f91fd69',
    swapRouter02: '0x6ec798e80f3a19de650826338677604e54d6664f44a33b53a20b22b1939f402e',
    universalRouter: '0x781efb5d1546388aaaf8f3c89cd9905ac0e1e68e3831a3e72ec7869e95c87831',
    v4PoolManager: '0x785f1014552b7ce7d5fb7d0c970ca60edee94fd00425d7ca21609acac7ce1293',
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
