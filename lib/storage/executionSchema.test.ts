import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { ExecutionRecord, StepState } from '@/lib/core/execution/execution'
import { runs } from '@/lib/testing/runs'
import { executionRecordSchema } from './executionSchema'
import { decodeJson, encodeJson } from './jsonCodec'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const id = { kind: 'transaction', hash: '0x12' } as const
const shown = { blockNumber: 7n, blockHash: '0xb7', finality: 'included' } as const

const states: readonly StepState[] = [
  { status: 'idle' },
  { status: 'held', waiting: { nonce: 3, order: 'before' } },
  { status: 'awaitingSignature' },
  { status: 'awaitingReceipt', id },
  { status: 'confirmed', id, txHash: '0x13', splitHashes: ['0x14'], ...shown },
  { status: 'reverted', id: { kind: 'batch', batchId: 'b' }, txHash: '0x13', reason: 'STF', ...shown },
  { status: 'notIncluded', id, cause: 'cancelled', txHash: '0x15', ...shown },
  { status: 'broken', id, executed: [{ callIndex: 0, txHash: '0x16' }], rest: 'mayRun', ...shown },
  { status: 'unsent', failure: 'rejected' },
  { status: 'unresolved', id, failure: 'dropped' },
]

function recordOf(state: StepState): ExecutionRecord {
  const call = { to: account, data: '0x01', value: 0n } as const
  const bundle = { chainId: 1, account, approvals: [call], swap: call, deadline: 9, hash: '0xab' } as const
  return {
    execution: {
      id: 'one',
      account,
      chainId: 1,
      rung: 'approveThenSwap',
      bundleHash: '0xab',
      deadline: 9,
      steps: [
        {
          kind: 'approval',
          token: account,
          state,
          request: { nonce: 3, blockNumber: 6n, callsHash: '0xcd' },
          nonce: 3,
          acknowledgedNonce: 2,
          undone: [{ txHash: '0x17', blockNumber: 5n }],
        },
        { kind: 'swap', state: { status: 'idle' } },
      ],
    },
    bundle,
    requoted: bundle,
  }
}

const parse = (text: string) => v.safeParse(executionRecordSchema, decodeJson(text))

test.each(states)('behaviour: T-27 $status survives the journal', (state) => {
  const record = recordOf(state)
  const parsed = parse(encodeJson(record))
  expect(parsed.success && parsed.output).toEqual(record)
})

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A value once without each of its fields, and where the field was. */
function listCuts(value: Json, path: readonly string[] = []): readonly (readonly [path: string, cut: Json])[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      listCuts(item as Json, [...path, `${index}`]).map(
        ([at, cut]) => [at, value.map((other, place) => (place === index ? cut : (other as Json)))] as const,
      ),
    )
  }
  return Object.entries(value).flatMap(([key, item]) => [
    [[...path, key].join('.'), Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))] as const,
    ...listCuts(item as Json, [...path, key]).map(([at, cut]) => [at, { ...value, [key]: cut }] as const),
  ])
}

/** What a step may do without: nothing of what was sent is in it. */
const dispensable = /^requoted$|\.(?:token|request|nonce|acknowledgedNonce|undone|splitHashes)$|\.state\.txHash$/

describe('F-16', () => {
  test.each(states)('behaviour: $status with any one field gone reads as nothing, or as itself without it', (state) => {
    const cuts = listCuts(JSON.parse(encodeJson(recordOf(state))) as Json)
    expect(cuts.length).toBeGreaterThan(30)
    for (const [path, cut] of cuts) {
      const parsed = parse(JSON.stringify(cut))
      if (!dispensable.test(path)) expect(parsed.success, path).toBe(false)
      if (parsed.success) expect(JSON.parse(encodeJson(parsed.output))).toEqual(cut)
    }
  })
})

test('property: F-67 whatever stands in the journal, reading it never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...states), (value, state) => {
      const record = JSON.parse(encodeJson(recordOf(state))) as { execution: { steps: { state: unknown }[] } }
      expect(parse(JSON.stringify(value)).success).toBe(false)
      const [step] = record.execution.steps
      if (step !== undefined) step.state = value
      expect(parse(JSON.stringify(record)).success).toBe(false)
    }),
    { numRuns: runs(1_000) },
  )
})
