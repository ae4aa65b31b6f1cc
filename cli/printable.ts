/** Text of files and requests as a terminal may be shown it. */

const CONTROLS = /\p{Cc}(?:\[\d{1,2}m)?/gu;
/** What Terminal writes: bold, dim, red and green, and the ends of each. */
const STYLE = /^\p{Cc}\[(?:1|2|22|31|32|39)m$/u;

/**
 * Control characters as `\x1b`, but for line ends, tabs and our own colours: a cell of a file must not clear the
 * screen, name the window, or hide or write over what stands there.
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, (found) => {
    const code = found.charCodeAt(0);
    if (code === 0x0a || code === 0x09 || (code === 0x1b && STYLE.test(found))) return found;
    return `\\x${code.toString(16).padStart(2, '0')}${found.slice(1)}`;
  });
}
