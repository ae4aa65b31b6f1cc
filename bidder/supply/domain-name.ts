const DOT = 0x2e;
const HYPHEN = 0x2d;
const DOMAIN_LENGTH_MAX = 253;
const LABEL_LENGTH_MAX = 63;

/** A domain in lower case and nothing else: labels with a dot between, no address, no port, no IP. */
export function isBareDomain(name: string): boolean {
  if (name.length > DOMAIN_LENGTH_MAX) return false;
  let labelStart = 0;
  let hasDot = false;
  for (let i = 0; i < name.length; i++) {
    const character = name.charCodeAt(i);
    if (character !== DOT) {
      if (!isLetter(character) && !isDigit(character) && character !== HYPHEN) return false;
    } else if (!isLabel(name, labelStart, i)) return false;
    else {
      labelStart = i + 1;
      hasDot = true;
    }
  }
  // No top-level domain begins with a digit, and every IPv4 address ends in one that does.
  return hasDot && isLabel(name, labelStart, name.length) && isLetter(name.charCodeAt(labelStart));
}

function isLabel(name: string, start: number, end: number): boolean {
  const length = end - start;
  if (length < 1 || length > LABEL_LENGTH_MAX) return false;
  return name.charCodeAt(start) !== HYPHEN && name.charCodeAt(end - 1) !== HYPHEN;
}

function isLetter(character: number): boolean {
  return character >= 0x61 && character <= 0x7a;
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}
