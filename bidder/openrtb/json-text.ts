/** Text as a JSON string in ASCII, quotes included: an ASCII reply is the cheap one to send. */
export function jsonText(text: string): string {
  return isPlain(text) ? `"${text}"` : escaped(text);
}

/** Printable ASCII without quote and backslash needs no escaping. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}

function escaped(text: string): string {
  return asciiJson(JSON.stringify(text));
}

/** The same JSON in ASCII: what is not stands in its strings. */
export function asciiJson(json: string): string {
  return json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function jsonTexts(texts: readonly string[]): string {
  return `[${texts.map(jsonText).join(',')}]`;
}
