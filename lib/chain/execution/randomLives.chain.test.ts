import fc from 'fast-check'
import * as v from 'valibot'
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setDelegation } from '@/devnet/control/delegation'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { bundleCalls } from '@/lib/chain/bundle/hashBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { ExecutionRecord, Rung } from '@/lib/core/execution/execution'
import { isMoneyStep, isSettled, reduceExecution } from '@/lib/core/execution/reduceExecution'
import { executionRecordSchema } from '@/lib/storage/executionSchema'
import { decodeJson, encodeJson } from '@/lib/storage/jsonCodec'
import { type Composed, type ExecutionBench, startExecutionBench } from '@/lib/testing/execution/executionBench'
import { provesBundle } from './chainReads'
import { lookAgain } from './lookAgain'
import { type ExecutionInput, resumeExecution, runExecution } from './runExecution'

/*
 * The driver itself on a real node, with a wallet whose person does anything, a network that loses transactions and takes blocks back,
 * and a page that is left at any moment. What the journal says in the end is what the node shows, and nothing was sent twice.
 */

let bench: ExecutionBench

beforeAll(async () => {
  bench = await startExecutionBench()
})
afterAll(() => bench?.stop())

type Answer = 'sends' | 'sendsAndFails' | 'breaks' | 'declines' | 'fails'

type Happening =
  /** What usually comes next, so that long lives are reached. */
  | { readonly type: 'usual' }
  | { readonly type: 'run' | 'resume' | 'reload' | 'drop' | 'resend' | 'cancel' | 'speedUp' }
  | { readonly type: 'answer'; readonly how: Answer }
  | { readonly type: 'mine'; readonly blocks: number }
  | { readonly type: 'reorganise'; readonly depth: number; readonly isKept: boolean }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ type: fc.constant('usual' as const) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('run' as const, 'run' as const, 'resume' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      how: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Answer>('sends') },
        { weight: 2, arbitrary: fc.constantFrom<Answer[]>('sendsAndFails', 'breaks', 'declines', 'fails') },
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'reload' as const,
        'drop' as const,
        'resend' as const,
        'cancel' as const,
        'speedUp' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reorganise' as const),
      depth: fc.integer({ min: 1, max: 6 }),
      isKept: fc.boolean(),
    }),
  },
)

type Prompt = { readonly method: string; readonly isMoney: boolean; readonly answer: (how: Answer) => Promise<void> }

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

class Life {
  private journal: string
  private prompts: Prompt[] = []
  private readonly raws = new Map<Hex, Hex>()
  private stop = new AbortController()
  private running: Promise<unknown> = Promise.resolve()
  private page = 0
  private nonceBefore = 0
  moneySent = 0

  private readonly desk: ReturnType<ExecutionBench['openDesk']>
  private readonly wallet: ReturnType<ExecutionBench['openWallet']>

  constructor(
    rung: Rung,
    private readonly composed: Composed,
  ) {
    const ask = (params: unknown, pass: () => Promise<unknown>, method: string) => this.prompt(method, params, pass)
    this.wallet = bench.openWallet({
      eth_sendTransaction: (params, pass) => ask(params, pass, 'eth_sendTransaction'),
      wallet_sendCalls: (params, pass) => ask(params, pass, 'wallet_sendCalls'),
    })
    this.desk = bench.openDesk(rung, composed, this.wallet.provider)
    this.journal = encodeJson(this.desk.first)
  }

  async begin(): Promise<void> {
    this.nonceBefore = await bench.client.getTransactionCount({ address: bench.account })
  }

  read(): ExecutionRecord {
    return v.parse(executionRecordSchema, decodeJson(this.journal))
  }

  /** Stands in the wallet until it is answered, whatever becomes of the page. */
  private prompt(method: string, params: unknown, pass: () => Promise<unknown>): Promise<unknown> {
    const { bundle, requoted } = this.read()
    const swap = (requoted ?? bundle).swap.data
    const isMoney = encodeJson(params).includes(swap)
    return new Promise((resolve, reject) => {
      const send = async (how: Answer): Promise<void> => {
        if (how === 'declines') return reject(Object.assign(new Error('no'), { code: 4001 }))
        if (how === 'fails') return reject(Object.assign(new Error('no'), { code: -32603 }))
        if (isMoney) this.moneySent += 1
        const isBroken = how === 'breaks' && method === 'wallet_sendCalls'
        const sent = isBroken ? this.breakBatch() : pass()
        const answer = await sent.catch((error: unknown) => reject(error))
        await this.keepRaws()
        if (how === 'sendsAndFails') return reject(Object.assign(new Error('no'), { code: -32603 }))
        resolve(answer)
      }
      this.prompts.push({ method, isMoney, answer: send })
    })
  }

  private async breakBatch(): Promise<unknown> {
    const [first] = bundleCalls(this.composed.bundle)
    if (first !== undefined) await bench.sendAlone(first)
    return { id: '0x99' }
  }

  private async keepRaws(): Promise<void> {
    for (const hash of await this.waiting()) {
      this.raws.set(hash, (await bench.ask('eth_getRawTransactionByHash', hash)) as Hex)
    }
  }
  private async waiting(): Promise<readonly Hex[]> {
    const content = (await bench.ask('txpool_content')) as { pending: object; queued: object }
    const ofAccount = [content.pending, content.queued].flatMap((pool) =>
      Object.entries(pool)
        .filter(([account]) => account.toLowerCase() === bench.account.toLowerCase())
        .flatMap(([, byNonce]) => Object.values(byNonce as Record<string, { hash: Hex }>)),
    )
    return ofAccount.map(({ hash }) => hash)
  }

  private input(): ExecutionInput {
    const record = this.read()
    // A page that was loaded again has forgotten what it waited for.
    const id = `${record.execution.id.split(' page ')[0]} page ${this.page}`
    const page = this.page
    return this.desk.input({
      ...record,
      execution: { ...record.execution, id },
      provider: this.wallet.provider,
      journal: (next) => {
        if (page === this.page) this.journal = encodeJson(next)
      },
      signal: this.stop.signal,
      pollMs: 4,
      timeoutMs: 40,
    })
  }

  private async go(drive: (input: ExecutionInput) => Promise<unknown>): Promise<void> {
    const started = drive(this.input()).catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'WalletPendingError')) throw error
    })
    this.running = Promise.all([this.running, started])
    await Promise.race([started, pause(250)])
  }

  private async leave(): Promise<void> {
    this.page += 1
    this.stop.abort()
    await this.running
    this.stop = new AbortController()
  }

  async happen(what: Happening): Promise<void> {
    switch (what.type) {
      case 'usual':
        if (this.prompts.length === 0) return this.go(runExecution)
        await this.happen({ type: 'answer', how: 'sends' })
        return bench.mine(1)
      case 'run':
        return this.go(runExecution)
      case 'resume':
        return this.go(resumeExecution)
      case 'reload':
        return this.leave()
      case 'answer':
        await this.prompts.shift()?.answer(what.how)
        return void (await pause(60))
      case 'mine':
        return bench.mine(what.blocks)
      case 'reorganise':
        return this.reorganise(what.depth, what.isKept)
      case 'drop': {
        const [hash] = await this.waiting()
        if (hash !== undefined) await bench.ask('anvil_dropTransaction', hash)
        return
      }
      case 'resend':
        for (const raw of this.raws.values()) await bench.ask('eth_sendRawTransaction', raw).catch(() => undefined)
        return
      case 'cancel':
      case 'speedUp':
        return this.replace(what.type === 'cancel')
    }
  }

  private async reorganise(depth: number, isKept: boolean): Promise<void> {
    const newest = (await bench.client.getBlock()).number
    if (newest - BigInt(depth) < 14n) return
    const again: [Hex, number][] = []
    for (let index = 0; isKept && index < depth; index += 1) {
      const blockNumber = newest - BigInt(depth) + 1n + BigInt(index)
      const { transactions } = await bench.client.getBlock({ blockNumber })
      for (const hash of transactions) {
        const raw = this.raws.get(hash)
        if (raw !== undefined) again.push([raw, index])
      }
    }
    await bench.ask('anvil_reorg', depth, again)
  }

  private async replace(isCancel: boolean): Promise<void> {
    const [hash] = await this.waiting()
    if (hash === undefined) return
    const { nonce, to, input, maxFeePerGas = 0n } = await bench.client.getTransaction({ hash })
    const fee = maxFeePerGas * 2n + 10n ** 10n
    await bench.devnet.client
      .sendTransaction({
        account: bench.account,
        nonce,
        to: isCancel || to === null ? bench.account : to,
        data: isCancel ? '0x' : input,
        gas: 900_000n,
        maxFeePerGas: fee,
        maxPriorityFeePerGas: fee,
        value: isCancel ? 0n : (await bench.client.getTransaction({ hash })).value,
      })
      .catch(() => undefined)
    await this.keepRaws()
  }

  /** Time passes until nothing of it can change, and a fresh page looks. */
  async end(): Promise<void> {
    for (const { answer } of this.prompts.splice(0)) await answer('declines')
    await this.leave()
    await bench.mine(2)
    await bench.devnet.client.increaseTime({ seconds: 700 })
    await bench.mine(10)
    for (let looks = 0; looks < 3; looks += 1) {
      await this.go(resumeExecution)
      await this.running
      const record = this.read()
      const events = await lookAgain(record, { client: bench.client, deployment, provider: this.wallet.provider })
      this.journal = encodeJson({ ...record, execution: events.reduce(reduceExecution, record.execution) })
      await bench.mine(1)
    }
  }

  /** How often the bundle was executed, as the node shows it. */
  async countExecuted(): Promise<number> {
    const { bundle, requoted } = this.read()
    const decoded = decodeBundle(requoted ?? bundle, deployment)
    const newest = (await bench.client.getBlock()).number
    let count = 0
    for (let blockNumber = 1n; blockNumber <= newest; blockNumber += 1n) {
      const { transactions } = await bench.client.getBlock({ blockNumber, includeTransactions: true })
      for (const { hash, from, nonce } of transactions) {
        if (from.toLowerCase() !== bench.account.toLowerCase() || nonce < this.nonceBefore) continue
        const { status, logs } = await bench.client.getTransactionReceipt({ hash })
        if (status === 'success' && provesBundle(logs, decoded, { account: bench.account, deployment })) count += 1
      }
    }
    return count
  }

  async checkClaims(): Promise<void> {
    const { execution } = this.read()
    for (const step of execution.steps) {
      const { state } = step
      if (isMoneyStep(step) && isSettled(state)) expect(state.finality, state.status).toBe('final')
      if (isMoneyStep(step)) expect(['awaitingSignature', 'awaitingReceipt', 'unresolved']).not.toContain(state.status)
      if (state.status === 'confirmed' || state.status === 'reverted') {
        const receipt = await bench.client.getTransactionReceipt({ hash: state.txHash })
        expect(receipt.status).toBe(state.status === 'confirmed' ? 'success' : 'reverted')
        expect(receipt.blockHash).toBe(state.blockHash)
      }
      if (state.status === 'broken') {
        for (const { txHash } of state.executed) {
          expect((await bench.client.getTransactionReceipt({ hash: txHash })).status).toBe('success')
        }
      }
    }
    const last = execution.steps.at(-1)?.state.status
    expect(await this.countExecuted(), last).toBe(last === 'confirmed' ? 1 : 0)
    expect(this.moneySent).toBeLessThanOrEqual(1)
  }
}

test('property: A-25 A-29 T-29 T-30 whatever happens to the driver on a real node, in the end it says what the node shows, and sent nothing twice', {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Rung[]>('atomicBatch', 'approveThenSwap'),
      fc.array(happening, { maxLength: 18, size: 'max' }),
      async (rung, what) => {
        await bench.reset()
        await setDelegation(bench.devnet, bench.account, deployment.trustedDelegates[0] ?? bench.nobody)
        const life = new Life(rung, await bench.compose())
        await life.begin()
        await bench.devnet.client.setAutomine(false)
        await life.happen({ type: 'run' })
        for (const each of what) await life.happen(each)
        await life.end()
        await life.checkClaims()
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
})
