/** What every command shares: --json, the streams, and how an end becomes an exit code. */
import type { Command } from 'commander';
import { ConfigInvalid, formatProblems } from '../platform/config-file.ts';
import { EXIT_CODES, Failure } from '../platform/failure.ts';
import { PortInUse } from '../platform/http/http-port.ts';
import { readServiceConfig } from '../settings/service-config.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import { StoreUnavailable } from '../store/ports.ts';
import { Terminal } from './terminal.ts';

export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the options every command has, and an example to its help. */
export function withCommon(command: Command, example: string): Command {
  return command
    .option('--json', 'data on stdout as JSON, people’s text on stderr')
    .option('--quiet', 'no text for people')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

export function terminalOf(options: CommonOptions): Terminal {
  return new Terminal({ json: options.json ?? false, quiet: options.quiet ?? false });
}

/** The service's settings from the environment and rekindle.yaml; throws ConfigInvalid. */
export function serviceConfig(): ServiceConfig {
  return readServiceConfig(process.env, process.cwd());
}

/** The message for people and the code for scripts that an error ends a command with. */
export function endOf(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigInvalid) {
    return { message: formatProblems(error.problems), exitCode: EXIT_CODES['invalid-config'] };
  }
  if (error instanceof Failure) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof StoreUnavailable || error instanceof PortInUse) {
    return { message: error.message, exitCode: EXIT_CODES['dependency-unreachable'] };
  }
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: bug, exitCode: EXIT_CODES['failed-check'] };
}
