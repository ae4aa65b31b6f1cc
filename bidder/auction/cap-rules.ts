import type { CapRule } from '../../proto/exposure-log.ts';
import type { PersonView } from './person-view.ts';
import type { ServedCampaign } from './served-campaign.ts';

/** The campaign's own caps and those of the segment that shapes the bid. */
export function capRules({ campaign }: ServedCampaign, view: PersonView): readonly CapRule[] {
  const own = campaign.caps;
  const segment = view.shaping?.effect.caps ?? [];
  if (segment.length === 0) return own;
  return own.length === 0 ? segment : [...own, ...segment];
}
