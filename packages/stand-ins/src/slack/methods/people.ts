import { presentUser } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import { type Method, page } from './method.ts';

const info: Method = {
  tier: 4,
  run({ team, args }) {
    const user = team.user(args.str('user'));
    if (!user) throw new SlackRefusal('user_not_found');
    return { user: presentUser(user) };
  },
};

const list: Method = {
  tier: 2,
  run({ team, args }) {
    const found = page(Object.values(team.state.users), args, args.count('limit', 1000, 1000));
    return { members: found.items.map(presentUser), response_metadata: { next_cursor: found.next } };
  },
};

const lookupByEmail: Method = {
  tier: 3,
  run({ team, args }) {
    const email = args.str('email').toLowerCase();
    const user = Object.values(team.state.users).find(
      (other) => other.email?.toLowerCase() === email && !other.deleted,
    );
    if (!user || email === '') throw new SlackRefusal('users_not_found');
    return { user: presentUser(user) };
  },
};

const listGroups: Method = {
  tier: 2,
  run({ team, args }) {
    const withUsers = args.flag('include_users');
    return {
      usergroups: team.state.usergroups.map((group) => ({
        id: group.id,
        handle: group.handle,
        name: group.name,
        is_usergroup: true,
        user_count: group.users.length,
        ...(withUsers ? { users: [...group.users] } : {}),
      })),
    };
  },
};

const listGroupUsers: Method = {
  tier: 2,
  run({ team, args }) {
    const group = team.state.usergroups.find((other) => other.id === args.str('usergroup'));
    if (!group) throw new SlackRefusal('no_such_subteam');
    return { users: [...group.users] };
  },
};

export const peopleMethods: Record<string, Method> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': listGroups,
  'usergroups.users.list': listGroupUsers,
};
