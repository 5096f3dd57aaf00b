import { expect, test } from 'vitest'
import { toBatchReport } from './lookAtBatch'

const hash = `0x${'ab'.repeat(32)}`

test.each([
  [{ status: 100 }, { kind: 'pending' }],
  [{ status: 100, receipts: [] }, { kind: 'pending' }],
  [{ status: 'PENDING' }, { kind: 'pending' }],
  [
    { status: 200, receipts: [{ transactionHash: hash }] },
    { kind: 'onChain', hashes: [hash] },
  ],
  [
    { status: 'CONFIRMED', receipts: [{ transactionHash: hash }] },
    { kind: 'onChain', hashes: [hash] },
  ],
  [
    { status: 500, receipts: [{ transactionHash: hash }] },
    { kind: 'onChain', hashes: [hash] },
  ],
  [
    { status: 600, receipts: [{ transactionHash: hash }, { transactionHash: hash }] },
    { kind: 'onChain', hashes: [hash, hash] },
  ],
  [{ status: 400 }, { kind: 'dropped' }],
  [
    { status: 400, receipts: [{ transactionHash: hash }] },
    { kind: 'onChain', hashes: [hash] },
  ],
  [{ status: 200 }, { kind: 'unsure' }],
  [{ status: 500 }, { kind: 'unsure' }],
  [{ status: 700 }, { kind: 'unsure' }],
  [{ status: 200, receipts: [{ transactionHash: '0x12' }, null] }, { kind: 'unsure' }],
  [{ receipts: [] }, { kind: 'unsure' }],
  [null, { kind: 'unsure' }],
  ['0x', { kind: 'unsure' }],
] as const)('behaviour: %j', (answer, report) => {
  expect(toBatchReport(answer)).toEqual(report)
})
