import type { PanelName } from '../state/route.ts';
import type { Act, AsideState } from './aside-state.ts';
import { Estate } from './estate.tsx';
import { Inbox } from './inbox.tsx';
import { Phones } from './phones.tsx';
import { Status } from './status.tsx';
import { Tour } from './tour.tsx';
import { Wire } from './wire.tsx';

/** One panel beside the channels. */
export function Panel({ name, state, act }: { name: PanelName; state: AsideState; act: Act }) {
  switch (name) {
    case 'tour':
      return <Tour state={state} />;
    case 'phones':
      return <Phones phones={state.phones} act={act} />;
    case 'inbox':
      return <Inbox mail={state.mail} />;
    case 'status':
      return <Status state={state} />;
    case 'wire':
      return <Wire rows={state.wire} />;
    case 'estate':
      return <Estate state={state} act={act} />;
  }
}
