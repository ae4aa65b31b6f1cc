import type { MediaCreative } from './media-creative.ts';
import type { NativeCreative } from './native-creative.ts';
import { textHash } from './text-hash.ts';

/**
 * The `crid` under which an exchange audits a banner: at most 32 characters `[a-z0-9_-]`. It names
 * what is audited (shop, template and its version, language, size) and never a user, an item or a
 * price, so that one audit serves every impression.
 */
export function creativeId(creative: {
  shop: string;
  template: string;
  /** TemplatePlan.version. */
  templateVersion: string;
  language: string;
  size: string;
}): string {
  const { shop, template, templateVersion, language, size } = creative;
  const hash = textHash([shop, template, templateVersion, language, size].join('\n'));
  const readable = template.toLowerCase().replace(/[^a-z0-9_-]/g, '-');
  return `${readable.slice(0, 10)}-${size.slice(0, 9)}-${hash}`;
}

/** The same of an ad without a template: its version is what the campaign supplies for it. */
export function suppliedCreativeId(creative: {
  shop: string;
  format: 'native' | 'video' | 'audio';
  supplied: NativeCreative | MediaCreative;
  language: string;
}): string {
  const { shop, format, supplied, language } = creative;
  const templateVersion = textHash(JSON.stringify(supplied));
  return creativeId({ shop, template: 'supplied', templateVersion, language, size: format });
}
