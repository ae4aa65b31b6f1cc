/** The piscina job behind compile-index.ts. */
import {
  type CampaignIndex,
  compileCampaignIndex,
  type IndexInput,
} from './auction/campaign-index.ts';

// Piscina takes a worker file's default export as its task.
// biome-ignore lint/style/noDefaultExport: see above.
export default function compile(input: IndexInput): CampaignIndex {
  return compileCampaignIndex(input);
}
