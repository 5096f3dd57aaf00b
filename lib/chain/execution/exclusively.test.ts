import { afterEach, describe, expect, test, vi } from 'vitest'

const subject = { account: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', chainId: 1 } as const
const never = () => new Promise<never>(() => undefined)

/** The browser's locks, which all tabs share. */
function shareLocks(): void {
  const held = new Set<string>()
  const request = async (name: string, _: unknown, task: (lock: object | null) => unknown) => {
    if (held.has(name)) return task(null)
    held.add(name)
    try {
      return await task({ name })
    } finally {
      held.delete(name)
    }
  }
  vi.stubGlobal('navigator', { locks: { request } })
}

/** A tab of its own: modules are loaded again. */
async function openTab() {
  vi.resetModules()
  return (await import('./exclusively')).exclusively
}

afterEach(() => vi.unstubAllGlobals())

test('default', async () => {
  const exclusively = await openTab()
  expect(await exclusively(subject, async () => 7)).toBe(7)
  expect(await exclusively(subject, async () => 8)).toBe(8)
})

describe('F-15 T-26 A-25', () => {
  test('behaviour: of a hundred in one tab, one runs', async () => {
    const exclusively = await openTab()
    let runs = 0
    const task = async () => {
      runs += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const all = await Promise.allSettled(Array.from({ length: 100 }, () => exclusively(subject, task)))
    expect(runs).toBe(1)
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(99)
  })

  test('behaviour: of two tabs at once, one runs; the other says that one is waiting', async () => {
    shareLocks()
    const [first, second] = [await openTab(), await openTab()]
    let runs = 0
    const task = async () => {
      runs += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const all = await Promise.allSettled([first(subject, task), second(subject, task)])
    expect(runs).toBe(1)
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(all[1]).toMatchObject({ reason: { name: 'WalletPendingError' } })
    await second(subject, task)
    expect(runs).toBe(2)
  })

  test('behaviour: other accounts and chains are not in the way, another spelling of the same account is', async () => {
    shareLocks()
    const [first, second] = [await openTab(), await openTab()]
    void first(subject, never)
    expect(await second({ ...subject, chainId: 2 }, async () => 1)).toBe(1)
    const lower = { ...subject, account: subject.account.toLowerCase() as typeof subject.account }
    await expect(second(lower, async () => 1)).rejects.toMatchObject({ name: 'WalletPendingError' })
    await expect(first(lower, async () => 1)).rejects.toMatchObject({ name: 'WalletPendingError' })
  })

  test('behaviour: what fails does not lock for ever', async () => {
    shareLocks()
    const exclusively = await openTab()
    await expect(exclusively(subject, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError)
    expect(await exclusively(subject, async () => 1)).toBe(1)
  })
})
