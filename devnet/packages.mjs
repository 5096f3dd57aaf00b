/** What the local chain is made of: npm packages by exact version, and the bytecode taken from each. */

export const anvilVersion = '1.7.1'

/**
 * @typedef {'json' | 'foundry' | 'broadcast' | 'chainlink' | 'script' | 'solidityLiteral'} ArtifactFormat
 * @typedef {{ contract: string, file: string, format: ArtifactFormat }} Artifact
 * @typedef {{ name: string, version: string, integrity: string, artifacts: readonly Artifact[] }} ContractPackage
 */

/** @type {readonly ContractPackage[]} */
export const contractPackages = [
  {
    name: 'canonical-weth',
    version: '1.4.0',
    integrity: 'sha512-9rkLfAFndWALLhxd5lpyTX4RkV36WmVBZ92NYtYr1kWdAUmclRp7I5KkK4wvogzDcCI++yw53TLwx/GCPcocMg==',
    artifacts: [{ contract: 'WETH9', file: 'build/contracts/WETH9.json', format: 'json' }],
  },
  {
    name: '@uniswap/v2-core',
    version: '1.0.1',
    integrity: 'sha512-MtybtkUPSyysqLY2U210NBDeCHX+ltHt3oADGdjqoThZaFRDKwM6k1Nb3F0A3hk5hwuQvytFWhrWHOEq6nVJ8Q==',
    artifacts: [{ contract: 'UniswapV2Factory', file: 'build/UniswapV2Factory.json', format: 'json' }],
  },
  {
    name: '@uniswap/v2-periphery',
    version: '1.1.0-beta.0',
    integrity: 'sha512-6dkwAMKza8nzqYiXEr2D86dgW3TTavUvCR0w2Tu33bAbM8Ah43LKAzH7oKKPRT5VJQaMi1jtkGs1E8JPor1n5g==',
    artifacts: [{ contract: 'UniswapV2Router02', file: 'build/UniswapV2Router02.json', format: 'json' }],
  },
  {
    name: '@uniswap/v3-core',
    version: '1.0.1',
    integrity: 'sha512-7pVk4hEm00j9tc71Y9+ssYpO6ytkeI0y7WE9P6UcmNzhxPePwyAxImuhVsTqWK9YFvzgtvzJHi64pBl4jUzKMQ==',
    artifacts: [
      {
        contract: 'UniswapV3Factory',
        file: 'artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
        format: 'json',
      },
    ],
  },
  {
    name: '@uniswap/v3-periphery',
    version: '1.4.4',
    integrity: 'sha512-S4+m+wh8HbWSO3DKk4LwUCPZJTpCugIsHrWR86m/OrUyvSqGDTXKFfc2sMuGXCZrD1ZqO3rhQsKgdWg3Hbb2Kw==',
    artifacts: [
      {
        contract: 'NonfungiblePositionManager',
        file: 'artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json',
        format: 'json',
      },
      { contract: 'SwapRouter', file: 'artifacts/contracts/SwapRouter.sol/SwapRouter.json', format: 'json' },
      { contract: 'TickLens', file: 'artifacts/contracts/lens/TickLens.sol/TickLens.json', format: 'json' },
    ],
  },
  {
    name: '@uniswap/swap-router-contracts',
    version: '1.3.1',
    integrity: 'sha512-mh/YNbwKb7Mut96VuEtL+Z5bRe0xVIbjjiryn+iMMrK2sFKhR4duk/86mEz0UO5gSx4pQIw9G5276P5heY/7Rg==',
    artifacts: [
      { contract: 'SwapRouter02', file: 'artifacts/contracts/SwapRouter02.sol/SwapRouter02.json', format: 'json' },
      { contract: 'QuoterV2', file: 'artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json', format: 'json' },
    ],
  },
  {
    name: '@uniswap/v4-periphery',
    version: '1.0.3',
    integrity: 'sha512-JxLL0Djv9XcMvI2PatEnWrCrxuEaYNVhHxstndBOP+aJfh1XLg5ec8SDZ0xyoVfg2ElJTvuKpBgnu90bNValsg==',
    artifacts: [
      { contract: 'Permit2', file: 'lib/permit2/test/utils/DeployPermit2.sol', format: 'solidityLiteral' },
      {
        // As it was sent to Sepolia: byte for byte what @uniswap/v4-core 1.0.2 publishes in a package of 17 MB.
        contract: 'PoolManager',
        file: 'broadcast/01_PoolManager.s.sol/11155111/run-latest.json',
        format: 'broadcast',
      },
      { contract: 'PositionManager', file: 'foundry-out/PositionManager.sol/PositionManager.json', format: 'foundry' },
      { contract: 'StateView', file: 'foundry-out/StateView.sol/StateView.json', format: 'foundry' },
      { contract: 'V4Quoter', file: 'foundry-out/V4Quoter.sol/V4Quoter.json', format: 'foundry' },
    ],
  },
  {
    name: '@uniswap/universal-router',
    version: '2.0.0',
    integrity: 'sha512-6V21kuf547hE1gLfLQ89gv41DMSJY1ZZKer/k7CBagNPJ0oDnUyme+qQPtdoWknyUgSKd1M6sDm/WpocjVmPlA==',
    artifacts: [
      // Built as it is deployed, for cheap calls. The package's other artifact is for its tests, built for small code.
      { contract: 'UniversalRouter', file: 'out/UniversalRouter.sol/UniversalRouter.json', format: 'foundry' },
    ],
  },
  {
    name: '@chainlink/contracts',
    version: '0.1.9',
    integrity: 'sha512-7UIqkdzarbK876YZAiGKeYj/ujG3FPVVxWLACxbdyacM+ryIAgcZMkaaavt5+NwVXJvVjwWmucWTDCTy0JP8ag==',
    artifacts: [
      { contract: 'FluxAggregator', file: 'abi/v0.6/FluxAggregator.json', format: 'chainlink' },
      { contract: 'EACAggregatorProxy', file: 'abi/v0.6/EACAggregatorProxy.json', format: 'chainlink' },
    ],
  },
  {
    name: '@metamask/delegation-abis',
    version: '2.0.0',
    integrity: 'sha512-3LW1mC/wrtgceMtou4kTJWlS683IXRRWzKY/fVnW9PieN5dayrDyZhJBP+1MJy7LyO19+E2l/IP+g9TES1ua2Q==',
    artifacts: [
      {
        contract: 'EIP7702StatelessDeleGator',
        file: 'dist/bytecode/EIP7702StatelessDeleGator.cjs',
        format: 'script',
      },
      { contract: 'DelegationManager', file: 'dist/bytecode/DelegationManager.cjs', format: 'script' },
    ],
  },
]

/** The Solidity compiler for our own test tokens in contracts/devnet. */
export const compilerPackage = {
  name: 'solc',
  version: '0.8.30',
  integrity: 'sha512-9Srk/gndtBmoUbg4CE6ypAzPQlElv8ntbnl6SigUBAzgXKn35v87sj04uZeoZWjtDkdzT0qKFcIo/wl63UMxdw==',
  file: 'soljson.js',
}

/** Contracts of contracts/devnet, each in a file of its own name. */
export const ownContracts = ['Token', 'TetherToken', 'OddToken']
