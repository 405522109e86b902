import { createRecorderChat } from '../../src/recorders/recorder-chat.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import type { PagerPort } from '../../src/ports/pager.ts';

export interface Watched {
  chat: ChatPort;
  pager: PagerPort;
  /** The methods that were called, in order, and with what. */
  calls: string[];
  said: unknown[];
}

/** Adapters in the place of the real ones that note every call of every method. */
export function watchedAdapters(): Watched {
  const [calls, said]: [string[], unknown[]] = [[], []];
  let ts = 0;
  const noting = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...input: unknown[]): unknown => {
          calls.push(String(name));
          said.push(input);
          return Reflect.apply(member, target, input);
        };
      },
    });
  const chat = createRecorderChat(() => Promise.resolve(`${(ts += 1)}.0`));
  const pager: PagerPort = {
    ...{ tells: false, notes: true, assigns: true },
    assign: () => Promise.resolve(done(undefined)),
    ownKey: () => false,
    send: () => Promise.resolve(done(undefined)),
    arrived: () => Promise.resolve(done(true)),
    onCall: () => Promise.resolve(done([])),
    note: () => Promise.resolve(done(undefined)),
  };
  return { chat: noting(chat), pager: noting(pager), calls, said };
}
