import { expect } from 'playwright/test'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Address } from '@/lib/core/units'
import { readFeeds } from '../devnet/control/feeds'
import type { Devnet } from '../devnet/startDevnet'
import type { AppDriver } from './driver'
import { type Ledger, readGasPaid, readLedger } from './ledger'
import type { PageProblems } from './pageProblems'

const bpsWhole = 10_000n
const nativeSymbol = 'ETH'

/** An account before a fault: what it holds, what was allowed, and what each feed said then. */
export type LedgerBefore = {
  readonly devnet: Devnet
  readonly account: Address
  readonly ledger: Ledger
  /** Feed answers by asset, all with the same decimals. */
  readonly answers: Readonly<Record<string, bigint>>
}

/** What a person sees. */
export type Shown = {
  /** The heading of the screen: `Rebalance`, `Review`, `Signing`, `Receipt`. */
  readonly screen?: string
  /** The `data-error-code` of what the screen says. */
  readonly code?: string
}

/** Where a case must end. */
export type SafeEnd = Shown & {
  /** What is shown after a reload, where that differs: a review is made anew from the plan. */
  readonly afterReload?: Shown
  /** What trading may have cost at the feeds of before, of the whole value. Without it nothing may have been traded: only gas is gone. */
  readonly lossBps?: bigint
  /** Allowances that may be left, to the unit, by the ledger's names, such as `LINK swapRouter02`. */
  readonly leftovers?: Readonly<Record<string, bigint>>
  /** What others sent to the account meanwhile (or took from it, below zero), by symbol. */
  readonly fromOthers?: Readonly<Record<string, bigint>>
}

/** Reads an account before a fault, straight from the chain. */
export async function takeLedger(devnet: Devnet, account: Address): Promise<LedgerBefore> {
  const [ledger, { rounds }] = await Promise.all([readLedger(devnet, account), readFeeds(devnet)])
  return {
    devnet,
    account,
    ledger,
    answers: Object.fromEntries(rounds.map(({ asset, answer }) => [asset.id, answer])),
  }
}

/** The value of balances in units of which all assets have the same number, at given feed answers. */
function measureValue(balances: Ledger['balances'], answers: LedgerBefore['answers']): bigint {
  return localDeployment.assets.reduce((sum, { id, decimals, tokens }) => {
    const amount = tokens.reduce((all, { symbol }) => all + (balances[symbol] ?? 0n), 0n)
    return sum + amount * (answers[id] ?? 0n) * 10n ** BigInt(18 - decimals)
  }, 0n)
}

/** What an account would hold if nothing but gas and the doings of others had happened to it. */
function leftAlone(
  { ledger }: LedgerBefore,
  { gasPaid, fromOthers = {} }: { readonly gasPaid: bigint } & Pick<SafeEnd, 'fromOthers'>,
): Ledger['balances'] {
  const expected = Object.entries(ledger.balances).map(([symbol, held]) => {
    const gas = symbol === nativeSymbol ? gasPaid : 0n
    return [symbol, held + (fromOthers[symbol] ?? 0n) - gas] as const
  })
  return Object.fromEntries(expected)
}

/** Waits until the page shows a screen and an error code. */
export async function expectShown({ page, errorCode }: Pick<AppDriver, 'page' | 'errorCode'>, { screen, code }: Shown) {
  if (screen !== undefined) {
    await expect(page.getByRole('main').getByRole('heading', { name: screen, level: 1 }), screen).toBeVisible()
  }
  if (code !== undefined) await expect(errorCode(code).first(), code).toBeVisible()
}

/** Holds the chain against what it was before: value, allowances, and what lies in the routers and in Permit2. */
export async function expectChainSafe(
  before: LedgerBefore,
  { lossBps, leftovers = {}, fromOthers = {} }: Omit<SafeEnd, keyof Shown | 'afterReload'> = {},
): Promise<void> {
  const { devnet, account, answers } = before
  const after = await readLedger(devnet, account)
  const gasPaid = await readGasPaid(devnet, account, before.ledger.blockNumber)
  const alone = leftAlone(before, { gasPaid, fromOthers })
  if (lossBps === undefined) {
    expect(after.balances, 'balances without gas').toEqual(alone)
  } else {
    const least = (measureValue(alone, answers) * (bpsWhole - lossBps)) / bpsWhole
    expect(measureValue(after.balances, answers), 'value at the feeds of before').toBeGreaterThanOrEqual(least)
  }
  const tooMuch = Object.entries(after.allowances).filter(
    ([name, allowed]) => allowed > (leftovers[name] ?? before.ledger.allowances[name] ?? 0n),
  )
  expect(tooMuch, 'allowances above those of before').toEqual([])
  for (const [name, amount] of Object.entries(leftovers)) expect(after.allowances[name], name).toBe(amount)
  expect(after.routerBalances, 'what lies in the routers and Permit2').toEqual(before.ledger.routerBalances)
}

/**
 * The oracle of every fault, in six parts: (1) the value of the account, (2) its allowances, (3) nothing of it in the routers or
 * Permit2, (4) a page that says where it stands by a stable code, (5) nothing that went wrong in the pages, (6) the same after a
 * reload.
 */
export async function expectNothingLost(
  {
    app,
    problems,
    before,
  }: {
    readonly app: Pick<AppDriver, 'page' | 'errorCode'>
    readonly problems: PageProblems
    readonly before: LedgerBefore
  },
  { screen, code, afterReload, ...limits }: SafeEnd,
): Promise<void> {
  const shown: Shown = { ...(screen === undefined ? {} : { screen }), ...(code === undefined ? {} : { code }) }
  await expectShown(app, shown)
  await expectChainSafe(before, limits)
  expect(problems.list(), 'errors, requests to strangers and policy violations').toEqual([])
  await app.page.reload()
  await expectShown(app, afterReload ?? shown)
  await expectChainSafe(before, limits)
  expect(problems.list(), 'errors, requests to strangers and policy violations').toEqual([])
}
