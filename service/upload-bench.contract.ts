/** The admin port's uploads over a workspace of their own, with imports in this process. */
import { join } from 'node:path';
import { uploadRoutes } from '../console/upload-routes.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { HttpServer } from '../platform/http/http-port.ts';
import { nodeBackend } from '../platform/http/node-server.ts';
import { createLog } from '../platform/log.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { importFiles } from '../segmenter/import/import-files.ts';
import { JobFailed } from '../segmenter/run-job.ts';
import { type ShopFiles, shopFiles } from '../segmenter/shop-data.ts';
import { undoUpload } from '../segmenter/uploads/undo-upload.ts';
import type { WaitingUpload } from '../segmenter/uploads/waiting-uploads.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { readServiceConfig } from '../settings/service-config.ts';
import { SHOP, workspace } from '../settings/workspace.contract.ts';
import { shopNamed } from './shop-jobs.ts';
import { uploadRequest } from './upload-jobs.ts';
import { UploadLine } from './upload-line.ts';
import { uploadService } from './upload-service.ts';

const RESOURCES = { memoryMb: 256, threads: 1 };

export type Answer = [status: number, body: Record<string, unknown>];

/** Called before an upload is imported; what it throws is thrown instead. */
type BeforeImport = (upload: WaitingUpload, givenUp?: string) => void;

export class UploadBench {
  readonly dir: string;
  readonly rebuilt: string[] = [];
  readonly errors: unknown[] = [];
  beforeImport: BeforeImport = () => {};
  /** Called once an upload's import is in place; as beforeImport. */
  afterImport: () => void = () => {};
  /** As beforeImport, of what makes the segments anew. */
  beforeRebuild: () => void = () => {};
  #line: UploadLine;
  #server: HttpServer | null = null;

  /** `more` is further lines of shop.yaml. */
  constructor(more = '') {
    this.dir = workspace({ 'shops/tea/shop.yaml': `${SHOP}${more}` });
    this.#line = this.#newLine();
  }

  get files(): ShopFiles {
    return shopFiles(this.dir, 'tea');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server!.port}`;
  }

  /** As a service that starts: also after it ended at any moment. */
  async start(uploadMbMax = 1): Promise<void> {
    const config = { ...readServiceConfig({ REKINDLE_DIR: this.dir }, '/'), uploadMbMax };
    const line = this.#newLine();
    this.#line = line;
    const { shops } = loadWorkspace(this.dir);
    const routes = uploadRoutes(
      uploadService({
        ...{ config, line, clock: systemClock },
        shops: () => shops,
        undo: (shop, upload) => this.#undo(shop, upload),
        onError: (error) => this.errors.push(error),
      }),
    );
    this.#server = await nodeBackend.listen(routes, { host: '127.0.0.1', port: 0, shared: false });
    line.start(['tea']);
  }

  async stop(): Promise<void> {
    await this.#line.stop();
    await this.#server?.drain(0);
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, init);
    return [answer.status, (await answer.json()) as Answer[1]];
  }

  send(path: string, body: string | Uint8Array<ArrayBuffer> | FormData): Promise<Answer> {
    return this.ask(path, { method: 'POST', body });
  }

  /** What became of an upload, when nothing waits any more. */
  async shown(id: number): Promise<Answer[1]> {
    await this.idle();
    const [, { uploading }] = await this.ask(`/crm/tea/uploading/${id}`);
    return uploading as Answer[1];
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#line.inTurn('tea', async () => {});
  }

  #newLine(): UploadLine {
    return new UploadLine({
      ...{
        dir: this.dir,
        log: createLog({ level: 'error', service: 'test' }, { write: () => {} }),
        retryMs: 10,
      },
      importUpload: (shop, upload, givenUp) => this.#import(shop, upload, givenUp),
      rebuild: (shop) => {
        this.beforeRebuild();
        this.rebuilt.push(shop);
      },
    });
  }

  async #import(shop: string, upload: WaitingUpload, givenUp?: string) {
    this.beforeImport(upload, givenUp);
    const settings = shopNamed({ ...readServiceConfig({ REKINDLE_DIR: this.dir }, '/') }, shop);
    const request = uploadRequest(this.dir, settings, {
      upload,
      ...(givenUp !== undefined && { givenUp }),
    });
    try {
      const report = await importFiles({ ...request, ...RESOURCES }, this.#key(), () => {});
      this.afterImport();
      return report;
    } catch (error) {
      throw new JobFailed((error as Error).name, (error as Error).message);
    }
  }

  async #undo(shop: string, upload: number) {
    const request = { dir: this.dir, shop, upload, timeZone: 'UTC', nowMs: systemClock.nowMs() };
    try {
      return await undoUpload({ ...request, ...RESOURCES }, this.#key(), () => {});
    } catch (error) {
      throw new Failure('failed-check', (error as Error).message);
    }
  }

  #key() {
    return loadOrCreateKey(join(this.dir, 'secret.key'));
  }
}
