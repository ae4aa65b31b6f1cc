/** The one binary: `rekindle <command>`. Each command is a file beside this one. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../platform/failure.ts';
import { addBench } from './bench.ts';
import { endOf } from './command.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addImport } from './import.ts';
import { addSample } from './sample.ts';
import { addSegment } from './segment.ts';
import { addStart } from './start.ts';
import { addValidate } from './validate.ts';

const PACKAGE = new URL('../../package.json', import.meta.url);

const program = new Command('rekindle')
  .description('A real-time bidder that knows the shop’s customers.')
  .version((JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 failed check, 2 usage, 3 invalid configuration, 4 dependency unreachable, 5 threshold breached',
  );

for (const add of [
  addStart,
  addSegment,
  addImport,
  addValidate,
  addExplain,
  addSample,
  addBench,
  addDoctor,
]) {
  add(program);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  } else {
    const { message, exitCode } = endOf(error);
    process.stderr.write(`${message}\n`);
    // What was opened before the failure must not keep the process alive.
    process.exit(exitCode);
  }
}
