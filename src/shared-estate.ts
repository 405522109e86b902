import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type pg from 'pg';
import type { Estate } from './domain/estate/model.ts';
import { estateFromTexts, refusedFile, type EstateHolder, type SoundEstate } from './estate-holder.ts';
import { loadEstate } from './estate/load.ts';
import { formatProblem } from './estate/problem.ts';
import type { Listener } from './postgres/listener.ts';
import { LifeboatError, messageOf } from './runtime/errors.ts';
import type { Log } from './runtime/log.ts';
import { ESTATE_CHANNEL, estateFiles, estateInUse, type EstateUse } from './store/estate/estate-uses.ts';
import { useEstate } from './verbs/estate/use-estate.ts';

/** The estate that all processes share: a row, which a reload anywhere replaces. */
export interface SharedEstate {
  /** Reads this process's file again and makes it the estate in use; a broken one changes nothing and says why. */
  reload: (actor: string) => Promise<{ ok: boolean; text: string }>;
  /** The estate in use as the database has it at this moment; throws when this process cannot have it. */
  fresh: () => Promise<Estate>;
  inUse: () => EstateUse;
  /** Why this process acts on another estate than the one in use, or null. */
  problem: () => string | null;
  /** What is worth knowing though it works: the file of this process is not what is in use. */
  notice: () => string | null;
  stop: () => Promise<void>;
}

export interface SharedEstateOptions {
  holder: EstateHolder & { file: SoundEstate };
  path: string;
  pool: pg.Pool;
  /** The process's connection that hears of reloads elsewhere. */
  listener: Listener;
  log: Log;
  onChange: () => void;
}

/** A NOTIFY that got lost costs at most this, in ms. */
const POLL_MS = 5000;

/** Offers this process's file as a start does, takes what is in use, and follows every change of it. */
export async function shareEstate({
  holder,
  path,
  pool,
  listener,
  log,
  onChange,
}: SharedEstateOptions): Promise<SharedEstate> {
  const source = `${hostname()}:${resolve(path)}`;
  const started = holder.file;
  const process_ = `process ${process.pid} on ${hostname()}`;
  let mine = started.digest;
  let use: EstateUse;
  let trouble: string | null = null;
  let following: Promise<void> = Promise.resolve();

  const apply = async (next: EstateUse): Promise<void> => {
    if (next.digest !== holder.digest()) {
      const files = await estateFiles(pool, next.digest);
      const loaded = files ? await estateFromTexts(files) : null;
      if (loaded?.ok !== true) {
        const why = loaded ? loaded.problems.map(formatProblem)[0] : 'its row is gone';
        const known = trouble !== null && use.digest === next.digest;
        use = next;
        trouble = `the estate in use (${short(next.digest)}, from ${next.source}) cannot be read by this process: ${why}`;
        if (!known)
          log.error({ estate: next.digest, source: next.source, problem: why }, 'estate in use not understood');
        return;
      }
      holder.hold(loaded, next.digest);
      log.info({ estate: next.digest, source: next.source, by: next.loaded_by }, 'estate in use changed');
      onChange();
    }
    use = next;
    trouble = null;
  };
  // One look at a time: a second one may not put an older estate over a newer one.
  const follow = (): Promise<void> => {
    const next = following.then(async () => {
      const found = await estateInUse(pool);
      if (found && (found.digest !== use.digest || trouble !== null)) await apply(found);
    });
    following = next.catch(() => undefined);
    return next;
  };
  const offer = ({ digest, files }: SoundEstate, occasion: 'start' | 'reload', loaded_by: string) =>
    useEstate(pool, { digest, files, occasion, loaded_by, source });

  const first = await offer(started, 'start', process_);
  use = first.use;
  await apply(first.use);
  const notice = (): string | null =>
    mine === use.digest
      ? null
      : `the estate in use is ${short(use.digest)} from ${use.source} (${use.loaded_by}), not ${short(mine)} from ${source}; \`/dr estate reload\` or SIGHUP here makes this file the one in use`;
  const told = notice();
  if (told !== null)
    log.warn({ estate: use.digest, file: mine, source: use.source, notice: told }, 'this file is not in use');
  const quietly = (): void => {
    follow().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'estate in use not known'));
  };
  listener.on(ESTATE_CHANNEL, quietly);
  const poll = setInterval(quietly, POLL_MS);
  poll.unref();

  return {
    async reload(actor) {
      const next = await loadEstate(path);
      if (!next.ok) {
        log.warn({ problems: next.problems.length }, 'estate reload refused');
        return { ok: false, text: refusedFile(next.problems) };
      }
      mine = next.digest;
      const { changed } = await offer(next, 'reload', actor);
      await follow();
      log.info({ changed }, 'estate reloaded');
      return { ok: true, text: changed ? RELOADED : 'Nothing changed in the estate.' };
    },
    async fresh() {
      await follow();
      if (trouble === null) return holder.current();
      throw new LifeboatError(
        'unavailable',
        trouble,
        'bring every process to the same version, then reload the estate',
      );
    },
    inUse: () => use,
    problem: () => trouble,
    notice,
    async stop() {
      clearInterval(poll);
      await following;
    },
  };
}

const RELOADED =
  'The estate is reloaded, and every process of Lifeboat uses it from now on. Runs that have begun keep their plans.';

const short = (digest: string): string => digest.slice(0, 12);
