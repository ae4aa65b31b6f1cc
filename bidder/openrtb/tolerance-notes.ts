/** What was made of fields that are not as the standard has them, a bounded list for people. */

const NOTES_MAX = 200;
const SHOWN_LENGTH_MAX = 80;
const PLAIN_NAME = /^[\w-]{1,64}$/;
/** What a terminal could take for a command, and JSON does not escape. */
const CONTROLS = /[\u007f-\u009f\u2028-\u202e]/g;

export interface Tolerance {
  /** As in `imp[0].bidfloor`. */
  readonly path: string;
  /** As in `"1.5" read as 1.5`. */
  readonly what: string;
}

export class ToleranceNotes {
  readonly named: Tolerance[] = [];
  /** How many there were beside the named ones. */
  more = 0;

  add(path: string, what: string): void {
    if (this.named.length < NOTES_MAX) this.named.push({ path, what });
    else this.more++;
  }
}

export function pathOf(parent: string, name: string): string {
  const plain = PLAIN_NAME.test(name) ? name : shown(name);
  return parent === '' ? plain : `${parent}.${plain}`;
}

/** A value of a request on one line, which no terminal obeys; a number that JSON lacks by its name. */
export function shown(value: unknown): string {
  const whole =
    typeof value === 'number'
      ? String(value)
      : (JSON.stringify(value) ?? 'nothing').replace(
          CONTROLS,
          (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  return whole.length <= SHOWN_LENGTH_MAX ? whole : `${whole.slice(0, SHOWN_LENGTH_MAX)}…`;
}
