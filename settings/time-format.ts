/** How times are written in a CRM file: what time-reader.ts of the segmenter reads. */
import { z } from 'zod';
import { timePatternParts } from './time-pattern.ts';

/** `metrica`: dd.MM.yyyy or yyyy-MM-dd, a date alone being the end of that day. */
const TIME_FORMATS = ['iso', 'unix_s', 'unix_ms', 'iso_or_unix_s', 'metrica'];

export const timeFormatField = z
  .string()
  .refine((text) => TIME_FORMATS.includes(text) || timePatternParts(text) !== null, {
    error:
      'expected iso, unix_s, unix_ms, iso_or_unix_s, metrica or a pattern of yyyy, MM, dd, HH, mm and ss such as "dd.MM.yyyy HH:mm"',
  });
