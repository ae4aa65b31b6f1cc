/** The one binary: `rekindle <command>`. Each command is a file beside this one. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../platform/failure.ts';
import { endOf } from './command.ts';
import { printable } from './printable.ts';

/** In the order that --help lists them. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start.ts')).addStart,
  segment: async () => (await import('./segment.ts')).addSegment,
  import: async () => (await import('./import.ts')).addImport,
  forget: async () => (await import('./forget.ts')).addForget,
  access: async () => (await import('./access.ts')).addAccess,
  identity: async () => (await import('./identity.ts')).addIdentity,
  unlink: async () => (await import('./unlink.ts')).addUnlink,
  export: async () => (await import('./export.ts')).addExport,
  validate: async () => (await import('./validate.ts')).addValidate,
  explain: async () => (await import('./explain.ts')).addExplain,
  learned: async () => (await import('./learned.ts')).addLearned,
  clv: async () => (await import('./clv.ts')).addClv,
  decode: async () => (await import('./decode.ts')).addDecode,
  sample: async () => (await import('./sample.ts')).addSample,
  supply: async () => (await import('./supply.ts')).addSupply,
  link: async () => (await import('./link.ts')).addLink,
  bench: async () => (await import('./bench.ts')).addBench,
  certify: async () => (await import('./certify.ts')).addCertify,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
};

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

// Whoever reads has seen enough, as in `| head`: what is written after that is for nobody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Loading every command takes longer than most of them run: one that is named comes alone.
const named = process.argv[2] ?? '';
const wanted = Object.hasOwn(COMMANDS, named) ? [COMMANDS[named]!] : Object.values(COMMANDS);
for (const load of wanted) {
  const add = await load();
  add(program);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  } else {
    const { message, exitCode } = endOf(error);
    process.stderr.write(`${printable(message)}\n`);
    // What was opened before the failure must not keep the process alive.
    process.exit(exitCode);
  }
}
