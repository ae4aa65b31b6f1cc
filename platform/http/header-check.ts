const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t -~]*$/;

type Headers = readonly (readonly [string, string])[];

/** Who answers often has the same list for many answers: it is checked once. */
let lastSound: Headers | null = null;

/**
 * What is wrong with the headers of a reply, or ''. A line break in a Location would be a second
 * answer of a stranger's choice; other bytes than printable ASCII mean different things to clients.
 */
export function headerFault(headers: Headers): string {
  if (headers === lastSound) return '';
  for (const [name, value] of headers)
    if (!NAME.test(name) || !VALUE.test(value))
      return `header ${JSON.stringify(name)} is not printable ASCII: ${JSON.stringify(value.slice(0, 80))}`;
  lastSound = headers;
  return '';
}
