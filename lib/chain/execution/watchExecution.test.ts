import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { ExecutionRecord } from '@/lib/core/execution/execution'
import { type ExecutionEvent, reduceExecution } from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import { planArbitrary } from '@/lib/testing/arbitraries/plans'
import { buildBundleLogs } from '@/lib/testing/builders/bundleLogs'
import { ScriptedNode } from '@/lib/testing/execution/scriptedNode'
import { toHash } from '@/lib/testing/execution/simulatedChain'
import { watchExecution } from './watchExecution'

const given = fc
  .sample(planArbitrary, { seed: 4, numRuns: 60 })
  .map(({ plan, snapshot }) => ({ plan, bundle: composeBundle({ plan, snapshot, deployment }) }))
  .find(({ bundle }) => bundle.approvals.length === 0)
if (given === undefined) throw new Error('no such sample')
const { plan, bundle } = given
const { account, chainId } = bundle
const decoded = decodeBundle(bundle, deployment)
const hash = toHash(5)
const of = { executionId: 'one', account, chainId }

const idle = startExecution({ id: 'one', rung: 'approveThenSwap', bundle, approvals: [] })
const request = { nonce: 0, blockNumber: 1n, callsHash: hash }
const sent = [
  { type: 'requested', stepIndex: 0, request } as const,
  { type: 'sent', stepIndex: 0, id: { kind: 'transaction', hash } } as const,
].reduce<typeof idle>(reduceExecution, idle)
const recordOf = (execution = sent) => ({ bundle, execution }) as ExecutionRecord

/** A chain on which the swap stands in block 2, with so many blocks on it. */
function chainWith(blocksAfter: number) {
  const node = new ScriptedNode()
  const { to, data: input, value } = bundle.swap
  const swap = { hash, from: account, to, nonce: 0, input, value, logs: buildBundleLogs(plan, decoded) }
  node.blocks = [[], [], [swap], ...Array.from({ length: blocksAfter }, () => [])]
  return node
}

/** Watches until it ends by itself, or after a moment. */
async function watch(node: ScriptedNode, readJournal: () => ExecutionRecord | undefined) {
  const journaled: ExecutionRecord[] = []
  const events: ExecutionEvent[] = []
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), 300)
  await watchExecution({
    ...{ client: node.client, deployment, of, pollMs: 1, signal: stop.signal },
    readJournal: () => journaled.at(-1) ?? readJournal(),
    journal: (record) => void journaled.push(record),
    dispatch: (event) => events.push(event),
  })
  clearTimeout(timer)
  return { journaled, events, wasStopped: stop.signal.aborted }
}

test('default', async () => {
  const { journaled, events, wasStopped } = await watch(chainWith(20), () => recordOf())
  expect(journaled.at(-1)?.execution.steps.at(-1)?.state).toMatchObject({
    ...{ status: 'confirmed', txHash: hash, finality: 'final' },
  })
  expect(events.map(({ type }) => type)).toEqual(['confirmed', 'final'])
  expect(wasStopped).toBe(false)
})

test('behaviour: what is not final yet is watched on', async () => {
  const { events, wasStopped } = await watch(chainWith(1), () => recordOf())
  expect(events.map(({ type }) => type)).toEqual(['confirmed'])
  expect(wasStopped).toBe(true)
})

test('behaviour: nothing is asked where nothing was sent, or another execution took its place', async () => {
  const other = { ...sent, id: 'two' }
  for (const record of [undefined, recordOf(idle), recordOf(other)]) {
    const node = chainWith(20)
    const { journaled, wasStopped } = await watch(node, () => record)
    expect([journaled, node.asked, wasStopped]).toEqual([[], [], false])
  }
})

test('behaviour: what another tab wrote meanwhile is not overwritten', async () => {
  let reads = 0
  const node = chainWith(20)
  const { journaled } = await watch(node, () => {
    reads += 1
    // Every second time, that is right before it would be written, another tab has been faster.
    return reads % 2 === 1 ? recordOf() : recordOf({ ...sent })
  })
  expect(reads).toBeGreaterThan(2)
  expect(journaled).toEqual([])
})
