import { useEffect } from 'preact/hooks';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { forgetForms, keepForm, recallForm } from '../forms/kept-forms.ts';
import { Modal } from '../forms/modal.tsx';
import { useDrawing } from '../message/use-drawing.ts';
import { useClient, useMe, usePage } from './page.ts';

/** The forms that lie on each other for the acting person, the top one last: those below keep what was typed. */
export function OpenForm() {
  const me = useMe();
  const modals = useClient((state) => state.modals);
  const views = modals.get(me);
  useEffect(() => forgetForms(sessionStorage, [...modals.values()].flat()), [modals]);
  return (
    <>
      {views?.map((view) => (
        <Form key={view.id} view={view} me={me} />
      ))}
    </>
  );
}

function Form({ view, me }: { view: SlackView; me: string }) {
  const { act, actQuietly } = usePage();
  const users = useClient((state) => state.users);
  const channels = useClient((state) => state.channels);
  const { press, choose, openChannel, busy } = useDrawing({ view: view.id }, view.id, { users, channels }, me, false);
  return (
    <Modal
      {...{ view, users, channels, me, press, choose, openChannel }}
      {...(busy === undefined ? {} : { busy })}
      submit={(values) => actQuietly({ do: 'submit', view: view.id, values })}
      entered={recallForm(sessionStorage, view)}
      keep={(draft) => keepForm(sessionStorage, view, draft)}
      close={() => void act({ do: 'close', view: view.id })}
    />
  );
}
