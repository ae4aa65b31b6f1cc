/** What a command shows: people's text, progress, and data for programs, each on its own stream. */
import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import { printable } from './printable.ts';

const require = createRequire(import.meta.url);
const PLAIN_PROGRESS_MS = 5000;
const LABEL_LENGTH = 14;

export interface TerminalOptions {
  /** Data on stdout as JSON, people's text on stderr. */
  readonly json: boolean;
  readonly quiet?: boolean;
}

export interface Progress {
  update(phase: string, done: number, total: number): void;
  end(): void;
}

export class Terminal {
  readonly json: boolean;
  readonly #quiet: boolean;
  readonly #people: NodeJS.WriteStream;

  constructor(options: TerminalOptions) {
    this.json = options.json;
    this.#quiet = options.quiet ?? false;
    this.#people = options.json ? process.stderr : process.stdout;
  }

  /** A line for people. */
  say(line = ''): void {
    if (!this.#quiet) this.#people.write(`${printable(line)}\n`);
  }

  /** Something done, with its result and how long it took since `startedMs` (performance.now). */
  step(what: string, result: string, startedMs: number): void {
    const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
    this.say(`  ${this.good('✓')} ${what.padEnd(LABEL_LENGTH)} ${result}  ${this.dim(took)}`);
  }

  /** Something that a person should know of; seen even when --quiet. */
  alert(what: string, text: string): void {
    this.warn(`  ${this.bad('!')} ${what.padEnd(LABEL_LENGTH)} ${text}`);
  }

  /** A line for people that must be seen even when --quiet. */
  warn(line: string): void {
    process.stderr.write(`${printable(line)}\n`);
  }

  /** The command's result for programs; only with --json. */
  data(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  bold(text: string): string {
    return this.#styled('bold', text);
  }

  dim(text: string): string {
    return this.#styled('dim', text);
  }

  good(text: string): string {
    return this.#styled('green', text);
  }

  bad(text: string): string {
    return this.#styled('red', text);
  }

  /** A bar where the terminal is one, a plain line every five seconds where it is not. */
  progress(): Progress {
    return process.stderr.isTTY && !this.#quiet
      ? barProgress()
      : plainProgress((line) => this.#note(line));
  }

  #note(line: string): void {
    if (!this.#quiet) process.stderr.write(`${line}\n`);
  }

  #styled(format: 'bold' | 'dim' | 'green' | 'red', text: string): string {
    const colour = this.#people.isTTY && (process.env['NO_COLOR'] ?? '') === '';
    return colour ? styleText(format, text) : text;
  }
}

function barProgress(): Progress {
  // Few commands show a bar, and few terminals are one.
  const cliProgress = require('cli-progress') as typeof import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '  {phase} {bar} {percentage} %  {value}/{total}  {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let running = false;
  return {
    update(phase, done, total) {
      if (!running) bar.start(Math.max(total, 1), done, { phase: phase.padEnd(14) });
      running = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { phase: phase.padEnd(14) });
    },
    end() {
      if (running) bar.stop();
      running = false;
    },
  };
}

function plainProgress(note: (line: string) => void): Progress {
  let lastMs = performance.now();
  return {
    update(phase, done, total) {
      if (performance.now() - lastMs < PLAIN_PROGRESS_MS) return;
      lastMs = performance.now();
      note(total === 0 ? `  ${phase}` : `  ${phase}: ${done} of ${total}`);
    },
    end() {},
  };
}
