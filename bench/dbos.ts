import { DBOS } from '@dbos-inc/dbos-sdk';

export interface DbosPeer {
  /** Runs `workflows` at once with `steps` no-op steps each; ms until the last is done. */
  round(workflows: number, steps: number): Promise<number>;
  stop(): Promise<void>;
}

/** Registered once: a second start of the peer in one process must not register it again. */
const chain = DBOS.registerWorkflow(
  async (steps: number) => {
    for (let index = 0; index < steps; index += 1) {
      await DBOS.runStep(() => Promise.resolve(null), { name: `s${index}` });
    }
  },
  { name: 'chain' },
);

/** The peer: DBOS Transact on its own database of the same server. */
export async function startDbos(url: string): Promise<DbosPeer> {
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error };
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: url,
    systemDatabasePoolSize: 15,
    logger: quiet,
  });
  await DBOS.launch();
  return {
    async round(workflows, steps) {
      const started = performance.now();
      const handles = await Promise.all(Array.from({ length: workflows }, () => DBOS.startWorkflow(chain)(steps)));
      await Promise.all(handles.map((handle) => handle.getResult()));
      return performance.now() - started;
    },
    stop: () => DBOS.shutdown(),
  };
}
