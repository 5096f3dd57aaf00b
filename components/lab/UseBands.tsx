import { useState } from 'react'
import { Button } from '@/components/ui/Button'
import { useDeployment } from '@/lib/hooks/useDeployment'
import { useSettings } from '@/lib/hooks/useSettings'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import type { BandRow } from './bandRows'
import { composeBandsDraft } from './bandsDraft'
import { formatPoints } from './figures'
import { joinIds } from './labWords'

type UseBandsProps = { readonly rows: readonly BandRow[]; readonly owner: AccountOnChain }

const points = (bps: number) => formatPoints(bps / 10_000)

/** Takes the bands over into the account's settings, after saying what changes. */
export function UseBands({ rows, owner }: UseBandsProps) {
  const { assets } = useDeployment()
  const { settings, saveSettings } = useSettings(owner)
  const [step, setStep] = useState<'idle' | 'asking' | 'saved' | 'heldInMemory'>('idle')
  const {
    settings: next,
    changes,
    leftIds,
  } = composeBandsDraft(
    settings,
    rows,
    assets.map(({ id }) => id),
  )
  const { scope = 'everything', destination = 'target' } = settings.policy ?? {}

  function save() {
    setStep(saveSettings(next) === 'heldInMemory' ? 'heldInMemory' : 'saved')
  }

  if (changes.length === 0) return null
  return (
    <div className="border-line border-t px-5 py-4 sm:px-6">
      {step === 'asking' ? (
        <section aria-label="What changes">
          <h3 className="font-medium text-sm">What changes in this account’s settings</h3>
          <ul className="mt-2 space-y-1 text-ink-soft text-sm tabular-nums">
            {changes.map(({ id, bandBps, edgeBps, wasBandBps }) => (
              <li key={id}>
                <strong className="font-medium text-ink">{id}</strong>: band {points(wasBandBps)} → {points(bandBps)},
                brought back to {points(edgeBps)}
              </li>
            ))}
            {scope !== 'outOfBand' && <li>Plans move what is out of its band; until now everything.</li>}
            {destination !== 'edge' && (
              <li>Plans go to the edge; until now {destination === 'halfway' ? 'half-way' : 'to the target'}.</li>
            )}
            {leftIds.length > 0 && <li>{joinIds(leftIds)}: left as they are.</li>}
          </ul>
          <div className="mt-4 flex flex-wrap gap-3">
            <Button variant="primary" onClick={save}>
              Save bands
            </Button>
            <Button onClick={() => setStep('idle')}>Keep mine</Button>
          </div>
        </section>
      ) : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button onClick={() => setStep('asking')}>Use these bands</Button>
          <p role="status" className="text-[13px] text-ink-faint">
            {step === 'saved' && 'Saved on this device. The targets editor shows and changes them.'}
            {step === 'heldInMemory' && 'This browser keeps nothing: the bands hold until the page is closed.'}
          </p>
        </div>
      )}
    </div>
  )
}
