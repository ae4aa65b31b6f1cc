/** What a build learns of the facts of all buckets before it scores the customers of one. */
import type { Duck } from '../duck.ts';
import { fitLifetime } from '../models/lifetime-fit.ts';
import { type FitLifetime, learnLifetime, type WholeBase } from './learn-lifetime.ts';
import { learnRfmOfAll } from './learn-rfm.ts';
import type { ModelPlan, ShopModels } from './shop-models.ts';

export const fitHere: FitLifetime = async (task) => fitLifetime(task);

export async function learnModels(
  duck: Duck,
  base: WholeBase,
  { rfm, clv, affinities }: ModelPlan,
  fitWith: FitLifetime,
): Promise<Omit<ShopModels, 'format'>> {
  return {
    rfm: rfm === null ? null : await learnRfmOfAll(duck, base, rfm),
    clv:
      clv === null
        ? null
        : (clv.kept ?? (await learnLifetime(duck, base, { ...clv, fitLifetime: fitWith }))),
    affinities,
  };
}
