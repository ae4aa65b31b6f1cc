/** A web of our own for tests: every name leads to one server here, which answers by host and path. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FETCH_RULES, type FetchRules } from './fetch-text.ts';

interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Web extends AsyncDisposable {
  /** By `host/path`; 404 for the rest. A function answers as it likes. */
  readonly pages: Map<string, Page | ((response: ServerResponse) => void)>;
  /** `host/path`, in order. */
  readonly asked: string[];
  readonly sent: IncomingHttpHeaders[];
  readonly rules: FetchRules;
  /** The address of a page. */
  url(page: string): string;
}

export async function openWeb(): Promise<Web> {
  const pages: Web['pages'] = new Map();
  const asked: string[] = [];
  const sent: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const page = `${request.headers.host?.split(':')[0]}${request.url}`;
    asked.push(page);
    sent.push(request.headers);
    const found = pages.get(page) ?? { status: 404 };
    if (typeof found === 'function') found(response);
    else {
      response.writeHead(found.status ?? 200, { 'content-type': 'text/plain', ...found.headers });
      response.end(found.body ?? '');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    pages,
    asked,
    sent,
    rules: {
      ...FETCH_RULES,
      timeoutMs: 2000,
      allowPrivate: true,
      // Nobody listens for https.
      ports: { 'http:': port, 'https:': 1 },
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    },
    url: (page) => `http://${page.replace('/', `:${port}/`)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
