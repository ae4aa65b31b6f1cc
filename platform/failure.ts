/** What a command's exit tells scripts. 130 is left to SIGINT, as shells have it. */
export const EXIT_CODES = {
  ok: 0,
  'failed-check': 1,
  usage: 2,
  'invalid-config': 3,
  'dependency-unreachable': 4,
  'threshold-breached': 5,
  interrupted: 130,
} as const;

export type ExitReason = keyof typeof EXIT_CODES;

/** An end that is not our bug: the message is for the person at the terminal, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(reason: Exclude<ExitReason, 'ok'>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = EXIT_CODES[reason];
  }
}
