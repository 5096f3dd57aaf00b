/** Something that the person at the terminal can put right: printed as one line, without a stack. */
export class StopLine extends Error {
  name = 'StopLine'
}

/** Prints why a command ends: a line for what the person can put right, a stack for what we broke. */
export function printFailure(error) {
  const isPlain = error instanceof StopLine
  process.stderr.write(`${isPlain ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
}

/** Runs a command's main function, and turns a failure into its line and exit code 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    printFailure(error)
    process.exit(1)
  }
}
