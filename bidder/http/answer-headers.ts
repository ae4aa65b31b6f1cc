/** The headers of an answer with bids, made once for each kind of answer. */

type Headers = readonly (readonly [name: string, value: string])[];

/** What exchanges say they speak, in `x-openrtb-version` (OpenRTB 2.6, 2.5); the first say nothing. */
const VERSIONS = ['', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6'] as const;
const LATEST = VERSIONS.length - 1;

/** Of one content type. */
export interface AnswerHeaders {
  /** By versionOrdinal. */
  readonly plain: readonly Headers[];
  readonly gzip: readonly Headers[];
}

export function answerHeaders(contentType: string): AnswerHeaders {
  const type = ['Content-Type', contentType] as const;
  const plain = VERSIONS.map(
    (version): Headers =>
      Object.freeze(version === '' ? [type] : [type, ['x-openrtb-version', version] as const]),
  );
  const packed = ['Content-Encoding', 'gzip'] as const;
  return { plain, gzip: plain.map((headers) => Object.freeze([...headers, packed])) };
}

/**
 * Which version an answer says it is: the request's own, since every answer of ours is one in all of
 * them; the latest, when the request names one that we do not know; none, when it names none, since a
 * header costs as much as a part of the decision.
 */
export function versionOrdinal(requested: string): number {
  const ordinal = (VERSIONS as readonly string[]).indexOf(requested);
  return ordinal < 0 ? LATEST : ordinal;
}

/** Whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3); '' is an absent one, which does not. */
export function acceptsGzip(acceptEncoding: string): boolean {
  let takesAny = false;
  for (const part of acceptEncoding.split(',')) {
    const [coding = '', ...parameters] = part.split(';');
    const name = coding.trim().toLowerCase();
    const isRefused = parameters.some((each) => Number(each.trim().replace(/^q=/i, '')) === 0);
    if (name === 'gzip' || name === 'x-gzip') return !isRefused;
    if (name === '*') takesAny = !isRefused;
  }
  return takesAny;
}
