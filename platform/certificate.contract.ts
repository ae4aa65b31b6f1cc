/** A self-signed certificate of this machine, and its key, as PEM files. */
import { execFileSync } from 'node:child_process';

const NAMES = 'subjectAltName=DNS:localhost,IP:127.0.0.1';

/** Throws when there is no openssl on PATH. */
export function makeCertificate(certificate: string, key: string): void {
  const name = ['-subj', '/CN=localhost', '-addext', NAMES];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, ...files], { stdio: 'ignore' });
}
