import { parseAbi, parseAbiParameters } from 'viem'

/** Multicall3 at 0xcA11bde05977b3631167028862bE2a173976CA11 (github.com/mds1/multicall3). */
export const multicall3Abi = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call3[] calls) payable returns (Result[] returnData)',
  'function getChainId() view returns (uint256 chainid)',
  'function getBlockNumber() view returns (uint256 blockNumber)',
  'function getCurrentBlockTimestamp() view returns (uint256 timestamp)',
  'function getLastBlockHash() view returns (bytes32 blockHash)',
  'function getEthBalance(address addr) view returns (uint256 balance)',
])

/** ERC-20, as far as it is needed. Tokens such as USDT return nothing from `approve`: never decode what it returns. */
export const erc20Abi = parseAbi([
  'function decimals() view returns (uint8)',
  'function balanceOf(address owner) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
])

/** Chainlink's AggregatorV3Interface. */
export const feedAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])

/** A pair of Uniswap v2. */
export const uniswapV2PairAbi = parseAbi([
  'function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)',
])

/** The state of a pool of Uniswap v3. */
export const uniswapV3PoolAbi = parseAbi([
  'function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked)',
  'function liquidity() view returns (uint128)',
])

/** TickLens of Uniswap v3: the initialised ticks of one bitmap word. */
export const tickLensAbi = parseAbi([
  'struct PopulatedTick { int24 tick; int128 liquidityNet; uint128 liquidityGross; }',
  'function getPopulatedTicksInWord(address pool, int16 tickBitmapIndex) view returns (PopulatedTick[] populatedTicks)',
])

/** QuoterV2 of Uniswap v3. Its functions are not `view`, yet are only ever called by `eth_call`. */
export const quoterV2Abi = parseAbi([
  'struct QuoteExactInputSingleParams { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }',
  'function quoteExactInputSingle(QuoteExactInputSingleParams params) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 initializedTicksCrossed, uint256 gasEstimate)',
  'function quoteExactInput(bytes path, uint256 amountIn) returns (uint256 amountOut, uint160[] sqrtPriceX96AfterList, uint32[] initializedTicksCrossedList, uint256 gasEstimate)',
])

/** The storage of Uniswap v4's PoolManager (v4-core, Extsload.sol). */
export const v4PoolManagerAbi = parseAbi(['function extsload(bytes32[] slots) view returns (bytes32[] values)'])

/** V4Quoter of Uniswap v4. Its functions are not `view`, yet are only ever called by `eth_call`. */
export const v4QuoterAbi = parseAbi([
  'struct PoolKey { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }',
  'struct QuoteExactSingleParams { PoolKey poolKey; bool zeroForOne; uint128 exactAmount; bytes hookData; }',
  'function quoteExactInputSingle(QuoteExactSingleParams params) returns (uint256 amountOut, uint256 gasEstimate)',
])

/** SwapRouter02, as far as a bundle uses it. */
export const swapRouter02Abi = parseAbi([
  'struct ExactInputParams { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }',
  'struct ExactInputSingleParams { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function multicall(uint256 deadline, bytes[] data) payable returns (bytes[] results)',
  'function exactInput(ExactInputParams params) payable returns (uint256 amountOut)',
  'function exactInputSingle(ExactInputSingleParams params) payable returns (uint256 amountOut)',
  'function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to) payable returns (uint256 amountOut)',
  'function unwrapWETH9(uint256 amountMinimum, address recipient) payable',
  'function refundETH() payable',
])

/** Permit2, as far as a bundle uses it: what it may pull for a spender is set by a call, never by a signature. */
export const permit2Abi = parseAbi([
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
  'function allowance(address owner, address token, address spender) view returns (uint160 amount, uint48 expiration, uint48 nonce)',
])

/** Universal Router 2.0: one byte for each command, and for each command its arguments. */
export const universalRouterAbi = parseAbi([
  'function execute(bytes commands, bytes[] inputs, uint256 deadline) payable',
])

/** The commands of the Universal Router that a bundle uses (Uniswap, Commands.sol, Dispatcher.sol), with their arguments. */
export const universalRouterCommands = {
  v3SwapExactIn: {
    byte: 0x00,
    inputs: parseAbiParameters('address recipient, uint256 amountIn, uint256 minimumOut, bytes path, bool payerIsUser'),
  },
  permit2TransferFrom: { byte: 0x02, inputs: parseAbiParameters('address token, address recipient, uint160 amount') },
  sweep: { byte: 0x04, inputs: parseAbiParameters('address token, address recipient, uint256 minimum') },
  v2SwapExactIn: {
    byte: 0x08,
    inputs: parseAbiParameters(
      'address recipient, uint256 amountIn, uint256 minimumOut, address[] path, bool payerIsUser',
    ),
  },
  wrapEth: { byte: 0x0b, inputs: parseAbiParameters('address recipient, uint256 amount') },
  unwrapWeth: { byte: 0x0c, inputs: parseAbiParameters('address recipient, uint256 minimum') },
  v4Swap: { byte: 0x10, inputs: parseAbiParameters('bytes actions, bytes[] params') },
} as const

/** The actions within a v4 swap that a bundle uses (Uniswap, Actions.sol, IV4Router.sol), with their arguments. */
export const v4Actions = {
  swapExactInSingle: {
    byte: 0x06,
    inputs: parseAbiParameters([
      'struct PoolKey { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }',
      'struct ExactInputSingleParams { PoolKey poolKey; bool zeroForOne; uint128 amountIn; uint128 amountOutMinimum; bytes hookData; }',
      'ExactInputSingleParams params',
    ]),
  },
  settle: { byte: 0x0b, inputs: parseAbiParameters('address currency, uint256 amount, bool payerIsUser') },
  take: { byte: 0x0e, inputs: parseAbiParameters('address currency, address recipient, uint256 amount') },
} as const

/** Why the Universal Router, its v4 part and Permit2 refuse a bundle (Uniswap, Payments.sol, IV4Router.sol, IAllowanceTransfer.sol). */
export const routerErrorsAbi = parseAbi([
  'error TransactionDeadlinePassed()',
  'error V2TooLittleReceived()',
  'error V3TooLittleReceived()',
  'error V4TooLittleReceived(uint256 minAmountOutReceived, uint256 amountReceived)',
  'error InsufficientToken()',
  'error InsufficientETH()',
  'error InsufficientAllowance(uint256 amount)',
  'error AllowanceExpired(uint256 deadline)',
])
