const steps = [
  { unit: 's', seconds: 1, upTo: 60 },
  { unit: 'min', seconds: 60, upTo: 3600 },
  { unit: 'h', seconds: 3600, upTo: 172_800 },
  { unit: 'days', seconds: 86_400, upTo: Number.POSITIVE_INFINITY },
] as const

/** How long ago something was, in whole units: `now`, `12 s`, `3 min`, `5 h`, `4 days`. */
export function formatAge(ageSeconds: number): string {
  const age = Math.max(0, Math.floor(ageSeconds))
  if (age < 2) return 'now'
  const step = steps.find(({ upTo }) => age < upTo) ?? steps[3]
  return `${Math.floor(age / step.seconds)} ${step.unit}`
}
