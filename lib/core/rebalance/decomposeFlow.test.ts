import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CyclicFlowError, decomposeFlow, type FlowEdge } from './decomposeFlow'

const edge = (poolId: string, from: string, to: string, amountIn: number, amountOut = amountIn): FlowEdge => ({
  poolId,
  from,
  to,
  amountIn,
  amountOut,
})
const atPar = () => 1
const textOf = ({ sell, edges, amountIn }: ReturnType<typeof decomposeFlow>[number]) =>
  `${sell} ${edges.map(({ poolId }) => poolId).join(' ')} ${amountIn.toFixed(6)}`

describe('decomposeFlow', () => {
  test('default: sources meet sinks over a hub, the widest first', () => {
    const flow = [edge('p', 'A', 'H', 100), edge('q', 'B', 'H', 50), edge('r', 'H', 'C', 90), edge('s', 'H', 'D', 60)]
    expect(decomposeFlow(flow, atPar).map(textOf)).toEqual(['A p r 90.000000', 'B q s 50.000000', 'A p s 10.000000'])
  })

  test('behaviour: fees on the way do not leave remainders', () => {
    const flow = [edge('p', 'A', 'H', 100, 99), edge('r', 'H', 'C', 66, 65), edge('s', 'H', 'D', 33, 32)]
    const paths = decomposeFlow(flow, atPar)
    expect(paths.map(textOf)).toEqual(['A p r 66.666667', 'A p s 33.333333'])
  })

  test('behaviour: a hub that is also bought keeps its part', () => {
    const flow = [edge('p', 'A', 'H', 100, 99), edge('r', 'H', 'C', 33, 32)]
    expect(decomposeFlow(flow, atPar).map(textOf)).toEqual(['A p 66.666667', 'A p r 33.333333'])
  })

  test('behaviour: a hub that is also sold adds its own', () => {
    const flow = [edge('p', 'A', 'H', 10, 10), edge('r', 'H', 'C', 30, 30)]
    expect(decomposeFlow(flow, atPar).map(textOf)).toEqual(['H r 20.000000', 'A p r 10.000000'])
  })

  test('behaviour: parallel pools become parallel paths', () => {
    const flow = [edge('p', 'A', 'B', 70), edge('q', 'A', 'B', 30)]
    expect(decomposeFlow(flow, atPar).map(textOf)).toEqual(['A p 70.000000', 'A q 30.000000'])
  })

  test('behaviour: no flow, no paths', () => {
    expect(decomposeFlow([], atPar)).toEqual([])
  })

  test('error: CyclicFlowError', () => {
    const flow = [edge('p', 'A', 'B', 1), edge('q', 'B', 'C', 1), edge('r', 'C', 'A', 1)]
    expect(() => decomposeFlow(flow, atPar)).toThrow(CyclicFlowError)
  })

  /** Random acyclic flows: edges lead from lower to higher letters, and no node passes on more than it may. */
  const flows = fc
    .array(
      fc.record({ from: fc.nat(5), by: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 1000 }) }),
      { minLength: 1, maxLength: 12 },
    )
    .map((rows) =>
      rows.map(({ from, by, size }, position) =>
        edge(`p${position}`, `N${from}`, `N${Math.min(6, from + by)}`, size, size * 0.997),
      ),
    )

  test('property: A-17 paths use each pool exactly as the flow does, and nothing is both sold and bought', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const paths = decomposeFlow(flow, atPar)
        const sold = new Set(paths.map(({ sell }) => sell))
        for (const { buy } of paths) expect(sold.has(buy)).toBe(false)
        const net = (assetId: string) =>
          flow.reduce((sum, { from, to, amountIn, amountOut }) => {
            return sum + (from === assetId ? amountIn : 0) - (to === assetId ? amountOut : 0)
          }, 0)
        for (const assetId of sold) {
          const amount = paths.reduce((sum, { sell, amountIn }) => sum + (sell === assetId ? amountIn : 0), 0)
          expect(amount).toBeCloseTo(Math.max(0, net(assetId)), 4)
        }
        for (const { poolId, from, amountIn } of flow) {
          const through = paths.filter(({ edges }) => edges.some((step) => step.poolId === poolId))
          if (through.length === 1 && through[0]?.sell === from && through[0].edges.length === 1) {
            expect(through[0].amountIn).toBeCloseTo(amountIn, 4)
          }
          expect(through.length).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('property: A-19 the order of the pools does not matter', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        expect(decomposeFlow([...flow].reverse(), atPar)).toEqual(decomposeFlow(flow, atPar))
      }),
    )
  })
})
