import type { Catalogue } from '../creative/item.ts';
import type { Manifest } from '../rules/manifest.ts';
import type { ShopSettings } from './workspace.ts';

/** One shop as it is served: its settings and the generation that its pointer names. */
export interface PublishedShop {
  readonly settings: ShopSettings;
  readonly manifest: Manifest;
  readonly catalogue: Catalogue;
  /** Of proto/link-filter.ts; shared by the workers of a process. */
  readonly linkFilter: SharedArrayBuffer;
}
