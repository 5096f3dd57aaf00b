import { decodeFunctionData } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Hex } from '@/lib/core/units'
import { erc20Abi } from '../devnet/abis'
import { warp } from '../devnet/control/time'
import type { Devnet } from '../devnet/startDevnet'
import { expect } from './fixtures'
import { expectChainSafe, expectNothingLost } from './oracle'
import { openReview, test } from './wallet/earlierVisit'
import type { WalletAnswer, WalletRequest } from './wallet/testWallet'

type AskedCall = { readonly to: `0x${string}`; readonly data: Hex; readonly value: Hex }

const lossBps = 100n
const spenders = Object.entries(localDeployment.contracts)
const tokens = localDeployment.assets.flatMap((asset) => asset.tokens)

/** The allowance that an approval leaves, by the ledger's name. */
function nameApproval({ to, data }: AskedCall): readonly [name: string, amount: bigint] {
  const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
  if (functionName !== 'approve') throw new RangeError('No approval.')
  const spender = spenders.find(([, address]) => address.toLowerCase() === args[0].toLowerCase())?.[0]
  const symbol = tokens.find(({ address }) => address.toLowerCase() === to.toLowerCase())?.symbol
  return [`${symbol} ${spender}`, args[1]]
}

/** What a hostile wallet did with a batch that it promised to run whole. */
function sendSingly({ client }: Devnet, account: `0x${string}`, count: number) {
  const sent: { readonly call: AskedCall; readonly hash: Hex }[] = []
  const answering = async ({ params }: WalletRequest): Promise<WalletAnswer> => {
    const [{ calls }] = params as readonly [{ readonly calls: readonly AskedCall[] }]
    for (const call of calls.slice(0, count)) {
      const { to, data, value } = call
      const hash = await client.sendTransaction({ account, to, data, value: BigInt(value), gas: 3_000_000n })
      await client.waitForTransactionReceipt({ hash })
      sent.push({ call, hash })
    }
    return { result: { id: '0x99' } }
  }
  return { sent, answering }
}

test.describe('F-13: a wallet that says atomic and sends call after call', () => {
  const reports: readonly (readonly [stopped: number, says: string, answer: WalletAnswer])[] = [
    [1, 'says confirmed', { result: { status: 200, atomic: true } }],
    [2, 'does not know it', { error: { code: 5730, message: 'Unknown bundle id.' } }],
    [3, 'says 600', { result: { status: 600, atomic: false } }],
  ]
  for (const [stopped, says, answer] of reports) {
    test(`behaviour: stops after ${stopped} of 4 and ${says}: named, listed, revoked`, async ({
      app,
      before,
      devnet,
      problems,
      wallet,
    }) => {
      await openReview(app)
      expect(await app.readApprovals()).toHaveLength(3)
      const { sent, answering } = sendSingly(devnet, before.account, stopped)
      wallet.answerWith('wallet_sendCalls', answering)
      wallet.answerWith('wallet_getCallsStatus', () => answer)
      await app.sign()
      await expect(app.errorCode('broken-mayRun')).toHaveRole('alert')
      await expect(app.errorCode('broken-mayRun')).toContainText('Your wallet broke the batch apart')
      const leftovers = Object.fromEntries(sent.map(({ call }) => nameApproval(call)))
      expect(Object.keys(leftovers)).toHaveLength(stopped)
      await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'broken-mayRun', leftovers })
      for (const { hash } of sent) await expect(app.errorCode('broken-mayRun')).toContainText(hash)

      const revokes = app.main.getByRole('button', { name: /^Revoke / })
      for (let left = stopped; left > 0; left -= 1) {
        await expect(revokes).toHaveCount(left)
        await revokes.first().click()
      }
      await expect(revokes).toHaveCount(0)
      await expectChainSafe(before)
      await warp(devnet, 700)
      await expect(app.errorCode('broken-over')).toHaveRole('alert')
      await expectNothingLost({ app, problems, before }, { screen: 'Signing', code: 'broken-over' })
      expect(wallet.sendRequests().filter(({ method }) => method === 'wallet_sendCalls')).toHaveLength(1)
      await app.button('Plan again').click()
      await expect(app.legs).toBeVisible()
    })
  }

  test('behaviour: all calls sent one by one is a success that names what was promised otherwise', async ({
    app,
    before,
    devnet,
    problems,
    wallet,
  }) => {
    wallet.answerWith('wallet_sendCalls', sendSingly(devnet, before.account, Number.POSITIVE_INFINITY).answering)
    await openReview(app)
    await app.sign()
    await app.expectRebalanced()
    await expect(app.errorCode('splitBatch')).toContainText('Your wallet promised one transaction for all')
    await expectNothingLost({ app, problems, before }, { screen: 'Receipt', code: 'splitBatch', lossBps })
  })
})
