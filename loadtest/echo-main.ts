/** The echo server as a child process: `echo-main <answer bytes> [Redis socket]`; ends with its parent. */
import { startEchoServer } from './echo-server.ts';

const answerBytes = Number(process.argv[2]);
if (!Number.isInteger(answerBytes) || answerBytes < 1) {
  process.stderr.write('usage: echo-main <answer bytes> [Redis socket]\n');
  process.exit(2);
}
const server = await startEchoServer(answerBytes, process.argv[3] ?? null);
process.send?.({ port: server.port });
process.on('disconnect', () => {
  server.close();
  process.exit(0);
});
