/** A plan that its router could not execute as it stands. `legIndex` is missing where no single leg is at fault. */
export class UnencodablePlanError extends Error {
  override readonly name = 'UnencodablePlanError'
  constructor(
    readonly reason: string,
    readonly legIndex?: number,
  ) {
    super(
      `The plan cannot be turned into a router call: ${legIndex === undefined ? '' : `leg ${legIndex + 1}: `}${reason} Plan again.`,
    )
  }
}
