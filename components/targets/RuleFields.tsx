import { participations } from '@/components/policy/ruleWords'
import { Button } from '@/components/ui/Button'
import { SelectField, TextField } from '@/components/ui/Field'
import type { AssetId } from '@/lib/core/asset'
import { isFree, type RuleDraft, type RuleProblems } from './policyDraft'

type RuleFieldsProps = {
  readonly assetId: AssetId
  readonly rule: RuleDraft
  readonly problems: RuleProblems
  /** Whether plans go to the edge of the band: then the edge is asked for, too. */
  readonly isEdgeAsked: boolean
  readonly onChange: (rule: RuleDraft) => void
  readonly onClear: () => void
}

/** What one asset may do, and between which weights. */
export function RuleFields({ assetId, rule, problems, isEdgeAsked, onChange, onClear }: RuleFieldsProps) {
  const isExcluded = rule.participation === 'excluded'
  return (
    <div className="grid gap-x-3 gap-y-3 rounded-control bg-sunken p-3 sm:grid-cols-3 sm:p-4">
      <div className="sm:col-span-full sm:max-w-xs">
        <SelectField
          label="Participation"
          of={assetId}
          value={rule.participation}
          options={participations}
          problem={problems.participation}
          onChange={(participation) => onChange({ ...rule, participation })}
        />
      </div>
      {isExcluded ? (
        <p className="text-ink-soft text-sm sm:col-span-full">
          {assetId} has no weight and is in no total. Nothing trades it.
        </p>
      ) : (
        <>
          <TextField
            label="Minimum weight"
            of={assetId}
            unit="%"
            placeholder="none"
            value={rule.minimum}
            problem={problems.minimum}
            onChange={(minimum) => onChange({ ...rule, minimum })}
          />
          <TextField
            label="Maximum weight"
            of={assetId}
            unit="%"
            placeholder="none"
            value={rule.maximum}
            problem={problems.maximum}
            onChange={(maximum) => onChange({ ...rule, maximum })}
          />
          <TextField
            label="Own band"
            of={assetId}
            unit="pp"
            placeholder="as all"
            value={rule.band}
            problem={problems.band}
            onChange={(band) => onChange({ ...rule, band })}
          />
          {(isEdgeAsked || rule.edge !== '') && (
            <TextField
              label="Brought back to"
              of={assetId}
              unit="pp"
              placeholder="its band"
              value={rule.edge}
              problem={problems.edge}
              onChange={(edge) => onChange({ ...rule, edge })}
            />
          )}
        </>
      )}
      {!isFree(rule) && (
        <div className="sm:col-span-full">
          <Button variant="ghost" size="sm" onClick={onClear} className="-ml-3">
            Remove the limits of {assetId}
          </Button>
        </div>
      )}
    </div>
  )
}
