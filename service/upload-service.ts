/** What the admin port's uploads need of a running service. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { UploadDeps, UploadsOfShop } from '../console/upload-routes.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { NAME_PATTERN } from '../proto/ids.ts';
import { type ShopFiles, shopFiles } from '../segmenter/shop-data.ts';
import type { UndoReport } from '../segmenter/uploads/undo-upload.ts';
import { withdrawNumber } from '../segmenter/uploads/upload-ids.ts';
import { readUploads } from '../segmenter/uploads/upload-record.ts';
import { waitingUploads } from '../segmenter/uploads/waiting-uploads.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import type { UploadLine } from './upload-line.ts';

export interface UploadServiceDeps {
  readonly config: ServiceConfig;
  readonly line: UploadLine;
  readonly clock: Clock;
  /** Those that are served: settings that are not sound are none of them. */
  shops(): readonly ShopSettings[];
  /** Rejects with Failure when it cannot be undone. */
  undo(shop: string, upload: number): Promise<UndoReport>;
  onError(error: unknown): void;
}

export function uploadService(deps: UploadServiceDeps): UploadDeps {
  const { config, line, clock, onError } = deps;
  const files = (shop: string) => filesOf(config.dir, shop);
  return {
    files,
    shopOfCounter: (counter) => shopOfCounter(deps.shops(), counter),
    uploadBytesMax: config.uploadMbMax * 1024 * 1024,
    nowMs: () => clock.nowMs(),
    came: (shop) => line.came(shop),
    onError,
    uploads(shop) {
      const held = files(shop);
      return held === null ? null : uploadsOf(held, line.running(shop));
    },
    undo: (shop, upload, refused) => undo(deps, { shop, upload, refused }),
  };
}

function filesOf(dir: string, shop: string): ShopFiles | null {
  const isShop = NAME_PATTERN.test(shop) && existsSync(join(dir, 'shops', shop));
  return isShop ? shopFiles(dir, shop) : null;
}

function shopOfCounter(shops: readonly ShopSettings[], counter: string): string | null {
  if (!/^[1-9]\d{0,14}$/.test(counter)) return null;
  return shops.find(({ metricaCounter }) => metricaCounter === Number(counter))?.shop ?? null;
}

function uploadsOf(files: ShopFiles, running: number | null): UploadsOfShop {
  // In this order an upload whose import ends between the two is seen.
  const kept = waitingUploads(files);
  const records = readUploads(files.uploads);
  const recorded = new Set(records.map(({ id }) => id));
  const waiting = kept.filter(({ id }) => !recorded.has(id));
  return { records, waiting, running };
}

interface Undoing {
  readonly shop: string;
  readonly upload: number;
  refused(why: string): void;
}

/** After all that the shop has waiting: what waits still is only taken out of the line. */
async function undo(
  deps: UploadServiceDeps,
  { shop, upload, refused }: Undoing,
): Promise<UndoReport | null> {
  const { config, line } = deps;
  const files = shopFiles(config.dir, shop);
  const waits = waitingUploads(files).some(({ id }) => id === upload);
  if (waits && line.running(shop) !== upload) {
    withdrawNumber(files, upload);
    return { shop, undone: [upload], changed: false };
  }
  return await line.inTurn(shop, async () => {
    try {
      const report = await deps.undo(shop, upload);
      if (report.changed) line.changed(shop);
      return report;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refused(error.message);
      return null;
    }
  });
}
