/** What a command has to say, and whether it is good news. */
export interface CommandResult {
  /** For standard output. */
  readonly output: string
  /** 0, or 1 where something that was asked is not so. */
  readonly exitCode: 0 | 1
}

/** A command of the line. */
export interface Command {
  /** How it is called. */
  readonly synopsis: string
  /** What it does, in a few words. */
  readonly summary: string
  /**
   * Runs it.
   * @throws {CommandError} when it was called wrongly or its input cannot be used.
   */
  readonly run: (args: readonly string[]) => Promise<CommandResult>
}

/** What a command refuses, in one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  constructor(
    /** Whether it was called wrongly or its input is at fault. */
    readonly kind: 'usage' | 'input',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message.replace(/\s+/g, ' ').trim(), options)
  }
}
