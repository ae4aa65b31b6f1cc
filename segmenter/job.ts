/** A job of the segmenter as it crosses to the process that runs it, and back. */
import type { BuildRequest } from './build/build-request.ts';
import type { ClvRequest } from './clv/clv-request.ts';
import type { ForgetRequest, PersonRequest } from './forget/forget-request.ts';
import type { HandoverRequest } from './handover/handover-request.ts';
import type { WebhookRequest } from './handover/webhook-request.ts';
import type { IdentityRequest } from './identity/identity-view.ts';
import type { ImportRequest } from './import/import-files.ts';
import type { JobProgress } from './job-progress.ts';
import type { UndoRequest } from './uploads/undo-upload.ts';

/** A job as it is sent to its process: the key as bytes, because a KeyObject does not travel. */
export type Job =
  | { readonly kind: 'import'; readonly request: ImportRequest; readonly keyBytes: Uint8Array }
  | { readonly kind: 'undo'; readonly request: UndoRequest; readonly keyBytes: Uint8Array }
  | {
      readonly kind: 'build';
      readonly request: BuildRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | {
      readonly kind: 'access';
      readonly request: PersonRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | {
      readonly kind: 'export';
      readonly request: HandoverRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | {
      readonly kind: 'webhook';
      readonly request: WebhookRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | {
      readonly kind: 'identity';
      readonly request: IdentityRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | {
      readonly kind: 'forget';
      readonly request: ForgetRequest;
      readonly keyBytes: Uint8Array;
      readonly store: StoreAddress;
    }
  | { readonly kind: 'clv'; readonly request: ClvRequest };

/** As store/open-store.ts takes it. */
export interface StoreAddress {
  readonly url: string;
  readonly dir: string;
}

/** What the process says; a result or an error is its last word. */
export type JobMessage =
  | ({ readonly kind: 'progress' } & JobProgress)
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly name: string; readonly message: string };
