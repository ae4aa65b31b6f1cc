/** The formats of ads, named as OpenRTB names them in an imp. */
export const AD_FORMATS = ['banner', 'video', 'audio', 'native'] as const;
export type AdFormat = (typeof AD_FORMATS)[number];

/** Markup types of AdCOM: what a bid names its format by, as `mtype`. */
export const MTYPES: Readonly<Record<AdFormat, number>> = {
  banner: 1,
  video: 2,
  audio: 3,
  native: 4,
};
