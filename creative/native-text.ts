/**
 * How data enters the JSON of a native ad. Its texts are plain text: whoever shows them escapes them for
 * the place, so an entity here would be seen by people. What an exchange replaces wherever it finds it
 * (`${…}`, `%%…%%`, `{{…}}`, `##…##`, `[…]`) must not come of a feed, neither in the JSON as it is sent
 * nor once it was parsed: brackets and signs are escaped, and two that open a macro are parted.
 */

const BLANK = /[\t\n\r\u2028\u2029]+/g;
/** Controls, marks that turn the direction of what follows, and halves of characters. */
const DROPPED = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;
const MACRO_START = /\$(?=\{)|%(?=%)|\{(?=\{)|#(?=#)/g;
const SIGN = /[$%{}#[\]<>&]/g;
/** What the WHATWG serialisation leaves of them. The first `#` begins the fragment. */
const SIGN_IN_URL = /[{}[\]|^`\\]|%(?=%)|(?<=#)#/g;
const ELLIPSIS = '…';
/** A text cut to less than this says nothing. */
const CUT_LENGTH_MIN = 8;

/** Signs of all of these. Most texts hold none: one look instead of three, for each item of each auction. */
const MAY_CHANGE = /[\p{Cc}\p{Cs}$%{#\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;

/** One line of plain text that nobody takes for a macro. */
export function plainText(text: string): string {
  if (!MAY_CHANGE.test(text)) return text.trim();
  return text.replace(BLANK, ' ').replace(DROPPED, '').replace(MACRO_START, '$& ').trim();
}

/**
 * The text, or as many of its words as fit and an ellipsis; '' when that would be next to nothing. The
 * length counts UTF-16 units, which are never fewer than characters: it holds however it is counted.
 */
export function cutText(text: string, lengthMax: number): string {
  if (lengthMax === 0 || text.length <= lengthMax) return text;
  if (lengthMax < CUT_LENGTH_MIN) return '';
  const room = text.slice(0, lengthMax);
  const word = room.lastIndexOf(' ');
  const end = word >= lengthMax / 2 ? word : lengthMax - 1;
  return room.slice(0, end).replace(/[\s,;:.–-]+$|[\ud800-\udbff]$/, '') + ELLIPSIS;
}

/** A JSON string, quotes included, of what plainText left. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(
    SIGN,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A JSON string, quotes included, of a feed's URL. Throws when it is none: indexCatalogue leaves those out. */
export function quotedFeedUrl(url: string): string {
  return JSON.stringify(
    new URL(url).href.replace(
      SIGN_IN_URL,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
}
