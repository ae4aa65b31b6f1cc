/** Integrals that no series settles, over the whole line, of what has one peak and falls like powers of e. */

/** How far below the peak nothing counts any more: e^-45 is under a double's precision. */
const DEPTH = 45;
const STEPS_MIN = 256;
/** The trapezoidal rule over the line then errs by e^-40, where the integrand is that of a gamma or beta. */
const STEP_MAX = 0.2;

/** By so much less than the unit of an exponent a change of it is e^-40 of it: none to a double. */
export const STRAIGHT = 40;

export interface Line {
  /** Below it ln f rises by `rise` a unit, above `high` it falls by `fall`, as straight as can be told. */
  readonly low: number;
  readonly high: number;
  readonly rise: number;
  readonly fall: number;
}

/** ln of the integral of f, by ln f. */
export function logIntegral(logF: (u: number) => number, { low, high, rise, fall }: Line): number {
  const summit = peakOf(logF, low, high);
  const peak = logF(summit);
  const from = edgeOf(logF, peak, summit, low);
  const to = edgeOf(logF, peak, summit, high);
  const steps = Math.max(STEPS_MIN, Math.ceil((to - from) / STEP_MAX));
  const step = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) sum += Math.exp(logF(from + i * step) - peak);
  // What lies beyond are the same steps for ever: a geometric series.
  if (from === low) sum += Math.exp(logF(low) - peak) / Math.expm1(rise * step);
  if (to === high) sum += Math.exp(logF(high) - peak) / Math.expm1(fall * step);
  return peak + Math.log(step * sum);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const CLOSE = 1e-9;

function peakOf(logF: (u: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [left, right] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [atLeft, atRight] = [logF(left), logF(right)];
  while (b - a > CLOSE) {
    if (atLeft > atRight) {
      b = right;
      [right, atRight] = [left, atLeft];
      left = b - GOLDEN * (b - a);
      atLeft = logF(left);
    } else {
      a = left;
      [left, atLeft] = [right, atRight];
      right = a + GOLDEN * (b - a);
      atRight = logF(right);
    }
  }
  return (a + b) / 2;
}

/** Where ln f is DEPTH below its peak; `end` where it is not even there. */
function edgeOf(logF: (u: number) => number, peak: number, summit: number, end: number): number {
  if (logF(end) > peak - DEPTH) return end;
  let [inside, outside] = [summit, end];
  while (Math.abs(outside - inside) > CLOSE) {
    const middle = (inside + outside) / 2;
    if (logF(middle) > peak - DEPTH) inside = middle;
    else outside = middle;
  }
  return outside;
}
