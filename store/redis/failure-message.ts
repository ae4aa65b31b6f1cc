/** What to do about what others say. */
const HINTS = [
  {
    // A Cluster's node about a command, and about a script, that another node should have got.
    says: /^MOVED |non local key in a cluster node/,
    hint: 'this server belongs to a Redis Cluster: use redis+cluster://',
  },
  {
    // OpenSSL about a certificate that leads to nobody it knows.
    says: /self-signed certificate|unable to (verify the first|get (local )?issuer) certificate/,
    hint: 'NODE_EXTRA_CA_CERTS names a file with the authority to trust',
  },
];

/** What a failure says, and what to do about it where that is known. */
export function failureMessage(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = HINTS.find(({ says }) => says.test(message));
  return known === undefined ? message : `${message} (${known.hint})`;
}
