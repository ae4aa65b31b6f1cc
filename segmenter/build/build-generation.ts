/**
 * `rekindle segment`: a new generation of a shop's profiles, written beside the one that serves,
 * verified, and then flipped to. Killed at any moment it leaves the old one serving, and the next build
 * goes on with what it left (build-progress.ts), or removes it when that is of other inputs.
 */
import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { customerPersonId } from '../../proto/ids.ts';
import type { Manifest } from '../../rules/manifest.ts';
import { soundSegments } from '../../rules/sound-segments.ts';
import type { ServingPointer } from '../../store/ports.ts';
import { Duck } from '../duck.ts';
import { type ImportState, readImportState } from '../import/import-state.ts';
import { pending, recoverFiles, replaceFiles, type ShopFiles, shopFiles } from '../shop-data.ts';
import type { Build, BuildPorts } from './build-context.ts';
import { addToHistory } from './build-history.ts';
import { type BuildInputs, readInputs } from './build-inputs.ts';
import { clearProgress, readWritten } from './build-progress.ts';
import { BuildRefused, type BuildRequest, type BuildResult } from './build-request.ts';
import { buildResult } from './build-result.ts';
import {
  carryingPersons,
  changesSinceServing,
  joinedCustomers,
  rememberJoined,
} from './carry-persons.ts';
import { withoutFailing } from './failing-segments.ts';
import { readKept, removeKept } from './kept-generation.ts';
import { PhaseTimer } from './phase-timer.ts';
import { type Prepared, prepareBuild } from './prepare-build.ts';
import { readManifest, readServing, refuseShrunken, removeOthers, stateOf } from './publish.ts';
import { lookUpSamples } from './samples.ts';
import { type Report, untilStopped } from './stop-build.ts';
import { type WrittenGeneration, writeGeneration } from './write-generation.ts';
import { addUp, type WrittenWhole } from './written-whole.ts';

/** For DuckDB. A bucket needs less; what is asked of the whole base spills, and is no faster with more. */
const MEMORY_MB_MAX = 768;

/**
 * Throws BuildRefused when nothing was imported or the result is not fit to serve, FeedUnreadable
 * for a feed that is none, BuildStopped, FileLocked when another import or build of the shop is running, and
 * StoreUnavailable when the store is away.
 */
export async function buildGeneration(
  request: BuildRequest,
  ports: BuildPorts,
): Promise<BuildResult> {
  return await withoutFailing((failed) => attempt(request, ports, failed));
}

/** `failed` are segments that could not be computed in the attempts before, with the reasons. */
async function attempt(
  request: BuildRequest,
  ports: BuildPorts,
  failed: ReadonlyMap<string, string>,
): Promise<BuildResult> {
  const files = shopFiles(request.dir, request.shop);
  const { threads } = request;
  const memoryMb = Math.min(request.memoryMb, MEMORY_MB_MAX);
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  await duck.lock(files.lock);
  recoverFiles(files.folder);
  const state = checkedState(files, request, ports.key);
  const timer = new PhaseTimer(ports.clock);
  const serving = await readServing(ports.generations, request.shop);
  const keepsMembers = serving !== null && readKept(files, serving.generation) !== null;
  const sound = soundSegments({ broken: [], ...request, failed }, serving, keepsMembers);
  return await publish({ duck, files, state, request: { ...request, ...sound }, ports, timer });
}

function checkedState(files: ShopFiles, request: BuildRequest, key: KeyObject): ImportState {
  const state = readImportState(files);
  if (state === null) {
    throw new BuildRefused(
      `nothing was imported for ${request.shop} yet: run rekindle import ${request.shop} first`,
    );
  }
  if (state.keyCheck === customerPersonId(key, request.shop, '')) return state;
  throw new BuildRefused(
    `the workspace's key is not the one that ${request.shop} was imported with: restore it, or ` +
      `delete ${files.folder} and import everything again`,
  );
}

async function publish(asked: Build): Promise<BuildResult> {
  const { files, timer } = asked;
  const { generations, clock } = asked.ports;
  const { shop } = asked.request;
  const startedMs = clock.nowMs();
  const serving = await generations.serving(shop);
  const before = await readServing(generations, shop);
  const made = await untilStopped(asked.ports, asked.duck, (report) =>
    makeGeneration(asked, { serving, before, report }),
  );
  const { build, inputs, prepared, joined, written, isThere } = made;
  const { generation } = inputs.plan;
  const manifest = await readManifest(generations, shop, generation);
  assert(manifest !== null, `generation ${generation} has no manifest`);
  refuseShrunken(manifest.customers, before, build.request.force);
  if (written !== null) await replaceSamples(build, generation, written.whole);
  await carryingPersons({ ...build.ports, ...build, shop }, joined, async () => {
    if (serving?.generation !== generation) await generations.flip(shop, generation);
  });
  clearProgress(files);
  await timer.time('removing the oldest', () => removeOthers(generations, shop));
  const pointer = await generations.serving(shop);
  removeKept(files, [generation, pointer?.previous ?? null]);
  rememberJoined(files, joined);
  const unchanged = isThere && written === null;
  const served = { pointer: pointer!, unchanged, before, manifest, inputs, prepared, written };
  const result = buildResult(build, served);
  if (serving?.generation !== generation) {
    const atMs = clock.nowMs();
    const { customers, segments, asOfMs } = result;
    const entry = { generation, asOfMs, tookMs: atMs - startedMs, customers, segments };
    addToHistory(files, { kind: 'build', atMs, ...entry });
  }
  return result;
}

/** Everything up to a generation that is whole; `isThere` says that it was. */
async function makeGeneration(
  asked: Build,
  {
    serving,
    before,
    report,
  }: {
    readonly serving: ServingPointer | null;
    readonly before: Manifest | null;
    readonly report: Report;
  },
) {
  report({ phase: 'computing facts', done: 0, total: 0 });
  const inputs = await readInputs(asked, serving?.generation ?? null);
  const build = { ...asked, request: inputs.request };
  await clearUnfinished(build, inputs, serving);
  const prepared = await prepareBuild(build, inputs);
  const { generations, key } = build.ports;
  const { shop } = build.request;
  const joined = await joinedCustomers(build.duck, build.files, { shop, key });
  const changes = changesSinceServing(build.files, joined);
  const isThere = (await stateOf(generations, shop, inputs.plan.generation)) === 'sealed';
  const written = isThere
    ? writtenBefore(build, inputs, prepared)
    : await writeGeneration(build, { inputs, prepared, before, changes }, report);
  return { build, inputs, prepared, joined, written, isThere };
}

/** Makes room: of builds that did not end nothing stays but what this one goes on with. */
async function clearUnfinished(
  { files, request, ports }: Build,
  { resumes, plan }: BuildInputs,
  serving: ServingPointer | null,
): Promise<void> {
  const resumed = resumes ? plan.generation : null;
  await removeOthers(ports.generations, request.shop, resumed);
  if (!resumes) clearProgress(files);
  removeKept(files, [serving?.generation ?? null, serving?.previous ?? null, resumed]);
}

/** What a build had written that did not come to serve; null for one that served, or does. */
function writtenBefore(
  { files, request }: Build,
  { plan, resumes }: BuildInputs,
  { buckets, products }: Prepared,
): WrittenGeneration | null {
  if (!resumes) return null;
  const { generation } = plan;
  const written = buckets.map(({ number }) => readWritten(files, { generation, bucket: number })!);
  const sizes = { segments: request.segments.length, products: products.names.length };
  return { whole: addUp(written, sizes) };
}

/** Before the flip: a build that dies here is gone on with. */
async function replaceSamples(
  { duck, files, request }: Build,
  generation: string,
  { samples }: WrittenWhole,
): Promise<void> {
  const names = request.segments.map(({ segment }) => segment);
  const known = await lookUpSamples(duck, files, { generation, names, samples });
  writeFileSync(pending(files.samples), JSON.stringify(known));
  replaceFiles(files.folder);
}
