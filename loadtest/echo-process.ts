import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface EchoProcess extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const READY_TIMEOUT_MS = 10_000;

/**
 * Starts the echo server as a process of its own, so that its CPU time is nobody else's. `prefix`
 * is a command to run it under, such as `taskset -c 0`; `redisSocket` is for its busy echo. Needs the built echo-main.js: from sources
 * there is none. Rejects when it does not start, for instance where uWebSockets.js has no binary.
 */
export async function startEchoProcess(
  answerBytes: number,
  prefix: readonly string[] = [],
  redisSocket: string | null = null,
): Promise<EchoProcess> {
  const main = fileURLToPath(new URL('./echo-main.js', import.meta.url));
  const [command, ...args] = [...prefix, process.execPath, main, String(answerBytes)];
  if (redisSocket !== null) args.push(redisSocket);
  const child = spawn(command!, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const port = await portOf(child);
  return {
    pid: child.pid!,
    port,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString()}`.slice(-500);
    });
    const late = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
    child.once('message', (message: { port: number }) => {
      clearTimeout(late);
      resolve(message.port);
    });
    child.once('error', (error) => {
      clearTimeout(late);
      reject(new Error(`the echo server did not start: ${error.message}`, { cause: error }));
    });
    child.once('exit', () => {
      clearTimeout(late);
      reject(new Error(`the echo server did not start: ${complaint.trim()}`));
    });
  });
}
