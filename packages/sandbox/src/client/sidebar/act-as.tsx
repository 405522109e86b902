import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { Avatar } from '../bits/avatar.tsx';
import { Icon } from '../bits/icon.tsx';
import { Menu } from '../bits/menu.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { unreadIn } from '../state/reads.ts';
import { peopleOf } from '../state/ui-state.ts';

/** Who one is in the workspace; a press changes it. */
export function ActAs() {
  const me = useMe();
  const user = useClient((state) => state.users.get(me));
  return (
    <PopoverButton
      label={`Acting as ${user?.real_name ?? 'nobody'}. Change person`}
      title="Act as somebody else"
      class="act-as"
      popup="menu"
      open={(anchor, close) => <People anchor={anchor} close={close} />}
    >
      <Avatar user={user} />
      <span class="act-as-words">
        <small>Act as</small>
        <span class="clip">{user?.real_name ?? 'Choose a person'}</span>
        {user?.title === undefined ? null : <small class="clip">{user.title}</small>}
      </span>
      <Icon name="down" />
    </PopoverButton>
  );
}

function People({ anchor, close }: { anchor: HTMLElement; close: () => void }) {
  const { actAs } = usePage();
  const me = useMe();
  const state = useClient((all) => all);
  const reads = useUi((ui) => ui.reads);
  const items = peopleOf(state).map((user) => {
    const direct = [...state.channels.values()].find((channel) => channel.is_im && channel.im_user === user.id);
    const asks = direct ? unreadIn(reads, user.id, direct, state.messages.get(direct.id)).asks : 0;
    const waiting = asks === 0 ? [] : [`${asks} unread from Lifeboat`];
    return {
      id: user.id,
      label: user.real_name,
      detail: [user.title ?? `@${user.name}`, ...waiting].join(' · '),
      mark: <Avatar user={user} />,
      checked: user.id === me,
      pick: () => actAs(user.id),
    };
  });
  return <Menu anchor={anchor} label="Act as" items={items} close={close} />;
}
