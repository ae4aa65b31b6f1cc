/** `creative:` of a campaign: a banner, a native ad, a video and an audio, at least one of them. */
import { z } from 'zod';
import { parseSize, SIZES } from '../creative/banner-layout.ts';
import { mediaType } from '../creative/media-placement.ts';
import { durationField, textField } from './fields.ts';

const ATTRIBUTES_MAX = 200;
const FILES_MAX = 20;
const DURATION_S_MAX = 3600;
const SIDE_MAX = 10_000;
const BITRATE_KBPS_MAX = 1_000_000;
const URL_LENGTH_MAX = 2048;
const CTA_LENGTH_MAX = 40;
const FORMATS = ['template', 'native', 'video', 'audio'] as const;

/** AdCOM creative attributes. */
const attributesField = z.array(z.int().min(1).max(500)).max(ATTRIBUTES_MAX).default([]);

/** Which hosts it may be on is known with the shop (read-creative.ts). */
const urlField = z.string().max(URL_LENGTH_MAX);

const secondsField = durationField
  .refine((ms) => ms % 1000 === 0 && ms <= DURATION_S_MAX * 1000, {
    error: `expected whole seconds, at most ${DURATION_S_MAX}s`,
  })
  .transform((ms) => ms / 1000);

const sideField = z.int().min(1).max(SIDE_MAX);
const bitrateField = z.int().min(1).max(BITRATE_KBPS_MAX);

const mimeField = (kind: 'video' | 'audio') =>
  z
    .string()
    .transform(mediaType)
    .refine((mime) => mime.startsWith(`${kind}/`) || STREAMS.has(mime), {
      error: `expected a media type such as ${kind}/mp4`,
    });
/** Lists of pieces that a player picks from. */
const STREAMS = new Set(['application/x-mpegurl', 'application/dash+xml']);

const fileFields = {
  url: urlField,
  /** Kilobits per second. */
  bitrate: bitrateField,
  codec: z
    .string()
    .regex(/^[\w.,-]{1,64}$/, { error: 'expected a codec such as avc1.42E01E' })
    .default(''),
  delivery: z.enum(['progressive', 'streaming']).default('progressive'),
};

const videoSchema = z
  .strictObject({
    duration: secondsField,
    skip_after: secondsField.exactOptional(),
    attributes: attributesField,
    files: z
      .array(
        z.strictObject({
          ...fileFields,
          mime: mimeField('video'),
          width: sideField,
          height: sideField,
        }),
      )
      .min(1)
      .max(FILES_MAX),
  })
  .refine(({ duration, skip_after = 0 }) => skip_after < duration, {
    path: ['skip_after'],
    error: 'expected less than the duration',
  });

const audioSchema = z.strictObject({
  duration: secondsField,
  attributes: attributesField,
  files: z
    .array(z.strictObject({ ...fileFields, mime: mimeField('audio') }))
    .min(1)
    .max(FILES_MAX),
});

const pixelSizeField = z
  .string()
  .transform(parseSize)
  .refine((size) => size !== null, { error: 'expected a size in pixels such as 1200x627' });

/** `true` says nothing but that there is one. */
const nativeSchema = z.preprocess(
  (value) => (value === true ? {} : value),
  z.strictObject({
    cta: textField.max(CTA_LENGTH_MAX).exactOptional(),
    description: textField.exactOptional(),
    images: pixelSizeField.exactOptional(),
    icon: z.strictObject({ url: urlField, width: sideField, height: sideField }).exactOptional(),
  }),
);

export const creativeSchema = z
  .strictObject({
    template: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.html$/, {
        error: 'expected the name of a file in templates/ such as banner.html',
      })
      .exactOptional(),
    sizes: z.array(z.enum(SIZES)).min(1).exactOptional(),
    attributes: attributesField,
    native: nativeSchema.exactOptional(),
    video: videoSchema.exactOptional(),
    audio: audioSchema.exactOptional(),
  })
  .superRefine((creative, context) => {
    const banner = [creative.template, creative.sizes];
    if (banner.includes(undefined) && banner.some((each) => each !== undefined)) {
      context.addIssue('expected both a template and sizes of a banner');
    } else if (FORMATS.every((format) => creative[format] === undefined)) {
      context.addIssue('expected at least one of template with sizes, native, video and audio');
    }
  });

export type CreativeSection = z.output<typeof creativeSchema>;
