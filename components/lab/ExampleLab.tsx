import { defaultSettings } from '@/lib/hooks/useSettings'
import { LabView } from './LabView'
import { composeExample } from './labSubject'

const example = composeExample(defaultSettings)

/** The lab with a portfolio to try it on. */
export function ExampleLab() {
  return <LabView subject={example} />
}
