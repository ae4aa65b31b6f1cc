/**
 * The exchanges that Rekindle knows, shipped as YAML in settings/profiles/: a workspace file that
 * names one is laid over it, key by key.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ConfigInvalid, readConfigFile } from '../platform/config-file.ts';
import type { ProfileName } from './exchange.ts';

type Section = Readonly<Record<string, unknown>>;

const keysSchema = z.record(z.string(), z.unknown());

/** The keys of a shipped profile, unchecked. Throws when the installation lacks it. */
export function profileKeys(profile: ProfileName): Section {
  const path = fileURLToPath(new URL(`./profiles/${profile}.yaml`, import.meta.url));
  const { value, problems } = readConfigFile(path, `settings/profiles/${profile}.yaml`, keysSchema);
  if (value === null) throw new ConfigInvalid(problems);
  return value;
}

/**
 * `own` over `base`: sections are merged, all else is replaced. An own key without a value (`click:`)
 * takes away what the base has under it.
 */
export function laidOver(base: Section, own: Section): Section {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    if (value === null && below !== undefined) delete merged[key];
    else merged[key] = isSection(value) && isSection(below) ? laidOver(below, value) : value;
  }
  return merged;
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
