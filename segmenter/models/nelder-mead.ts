/**
 * Minimum of a function of a few numbers by Nelder and Mead's simplex (1965), which asks for no
 * derivatives. No chance is involved: the same function and starts give the same answer.
 */

export type Objective = (point: readonly number[]) => number;

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** Of all runs together. */
  readonly iterations: number;
  readonly converged: boolean;
}

const SCOUT_ITERATIONS = 60;
/** Of all runs together: fits that end take some 400. */
const ITERATIONS_MAX = 1000;
const FIRST_STEP = 0.5;
const RUN_AGAIN_STEP = 0.1;
/** A simplex that is this flat and this small stands still. */
const VALUE_TOLERANCE = 1e-13;
const SIZE_TOLERANCE = 1e-6;
/** Two runs that end this close found the same minimum. */
const SAME_VALUE = 1e-12;
const LIMIT_MARGIN = 1;

/**
 * Every start is followed for a while, the best to its end; then again from there with a fresh
 * simplex until that gains nothing, because a simplex can collapse on a slope. NaN counts as worse
 * than any number. No coordinate leaves -limit to limit, and what ends close to there has not
 * converged: the slope goes on.
 */
export function minimize(
  unlimited: Objective,
  starts: readonly (readonly number[])[],
  limit: number,
): Minimum {
  const within = (point: readonly number[], by: number) =>
    point.every((coordinate) => Math.abs(coordinate) <= by);
  const objective: Objective = (point) =>
    within(point, limit) ? unlimited(point) : Number.POSITIVE_INFINITY;
  const scouts = starts.map((start) => descend(objective, start, FIRST_STEP, SCOUT_ITERATIONS));
  let iterations = scouts.reduce((sum, scout) => sum + scout.iterations, 0);
  let best = scouts.reduce((a, b) => (b.value < a.value ? b : a));
  while (iterations < ITERATIONS_MAX && Number.isFinite(best.value)) {
    const left = ITERATIONS_MAX - iterations;
    const next = descend(objective, best.point, RUN_AGAIN_STEP, left);
    iterations += next.iterations;
    const gained = best.value - next.value;
    best = gained >= 0 ? next : best;
    if (!next.converged) break;
    if (gained <= SAME_VALUE * (1 + Math.abs(best.value))) {
      return { ...best, iterations, converged: within(best.point, limit - LIMIT_MARGIN) };
    }
  }
  return { ...best, iterations, converged: false };
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

function descend(
  objective: Objective,
  start: readonly number[],
  step: number,
  iterationsMax: number,
): Minimum {
  const vertexAt = (point: readonly number[]): Vertex => {
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const simplex = [start, ...start.map((_, i) => stepped(start, i, step))].map(vertexAt);
  let iterations = 0;
  for (; iterations < iterationsMax; iterations++) {
    simplex.sort((a, b) => a.value - b.value);
    if (standsStill(simplex)) break;
    improve(simplex, vertexAt);
  }
  const best = simplex.reduce((a, b) => (b.value < a.value ? b : a));
  return { ...best, iterations, converged: iterations < iterationsMax };
}

function stepped(point: readonly number[], axis: number, step: number): number[] {
  return point.map((coordinate, i) => (i === axis ? coordinate + step : coordinate));
}

function standsStill(simplex: readonly Vertex[]): boolean {
  const best = simplex[0]!;
  const worst = simplex.at(-1)!;
  const tolerance = VALUE_TOLERANCE * (1 + Math.abs(best.value));
  if (!(worst.value - best.value <= tolerance)) return false;
  return simplex.every(({ point }) =>
    point.every((coordinate, i) => Math.abs(coordinate - best.point[i]!) <= SIZE_TOLERANCE),
  );
}

/** One step of a sorted simplex: reflect the worst vertex, and expand, contract or shrink. */
function improve(simplex: Vertex[], vertexAt: (point: readonly number[]) => Vertex): void {
  const last = simplex.length - 1;
  const best = simplex[0]!;
  const worst = simplex[last]!;
  const centre = best.point.map((_, i) => {
    let sum = 0;
    for (let v = 0; v < last; v++) sum += simplex[v]!.point[i]!;
    return sum / last;
  });
  const along = (by: number) =>
    vertexAt(centre.map((middle, i) => middle + by * (worst.point[i]! - middle)));
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    simplex[last] = expanded.value < reflected.value ? expanded : reflected;
    return;
  }
  if (reflected.value < simplex[last - 1]!.value) {
    simplex[last] = reflected;
    return;
  }
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  if (contracted.value < Math.min(reflected.value, worst.value)) {
    simplex[last] = contracted;
    return;
  }
  for (let v = 1; v <= last; v++) {
    const { point } = simplex[v]!;
    simplex[v] = vertexAt(point.map((coordinate, i) => (coordinate + best.point[i]!) / 2));
  }
}
