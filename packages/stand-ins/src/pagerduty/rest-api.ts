import type { Account } from './account.ts';
import { page } from './rest-page.ts';
import * as body from './resources.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { Agent, Alert, Answer, RecordedRequest } from './types.ts';

interface Call {
  account: Account;
  query: URLSearchParams;
  /** The ids in the path. */
  id: string;
  request: RecordedRequest;
}
const ABILITIES = ['sso', 'advanced_reports', 'teams', 'read_only_users', 'event_rules', 'urgencies'];

/** One line per endpoint; `docs/pagerduty-stand-in.md` lists them. */
const ROUTES: [method: string, path: RegExp, handler: (call: Call) => Answer][] = [
  ['GET', /^\/abilities$/, () => ({ status: 200, body: { abilities: ABILITIES } })],
  [
    'GET',
    /^\/abilities\/([^/]+)$/,
    ({ id }) => (ABILITIES.includes(id) ? { status: 204, body: undefined } : failed(402)),
  ],
  ['GET', /^\/users$/, users],
  ['GET', /^\/users\/([^/]+)$/, user],
  ['GET', /^\/oncalls$/, onCalls],
  ['GET', /^\/incidents$/, incidents],
  [
    'GET',
    /^\/incidents\/([^/]+)$/,
    withAlert((call, alert) => ok({ incident: body.incidentBody(call.account, alert) })),
  ],
  ['PUT', /^\/incidents\/([^/]+)$/, withAlert(updateIncident)],
  ['GET', /^\/incidents\/([^/]+)\/notes$/, withAlert(notes)],
  ['POST', /^\/incidents\/([^/]+)\/notes$/, withAlert(addNote)],
  ['GET', /^\/incidents\/([^/]+)\/log_entries$/, withAlert((call, alert) => logEntries(call, [alert]))],
  ['GET', /^\/log_entries$/, (call) => logEntries(call, call.account.state.alerts)],
];

/** Answers a REST call: 401 without the token, 429 over the pace, 404 for what is not there. */
export function answerRest(account: Account, token: string, pace: SlidingWindow, request: RecordedRequest): Answer {
  const given = request.headers.authorization ?? '';
  if (given !== `Token token=${token}` && given !== `Bearer ${token}`) return failed(401);
  const wait = pace.take('token');
  const seconds = wait > 0 ? Math.ceil(wait / 1000) : 60;
  const headers = {
    'ratelimit-limit': String(pace.limit),
    'ratelimit-remaining': String(pace.left('token')),
    'ratelimit-reset': String(seconds),
  };
  if (wait > 0) return { ...failed(429), headers };
  const url = new URL(request.path, 'http://127.0.0.1');
  for (const [method, path, handler] of ROUTES) {
    const match = request.method === method ? path.exec(url.pathname) : null;
    if (!match) continue;
    const call = { account, query: url.searchParams, id: decodeURIComponent(match[1] ?? ''), request };
    return { ...handler(call), headers };
  }
  return { ...failed(404), headers };
}

function users({ account, query }: Call): Answer {
  const wanted = query.get('query')?.toLowerCase() ?? '';
  const found = account.state.users.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(wanted));
  return page('users', found.map(body.userBody), query);
}

function user({ account, id }: Call): Answer {
  const found = account.state.users.find((one) => one.id === id);
  return found ? ok({ user: body.userBody(found) }) : failed(404);
}

function onCalls({ account, query }: Call): Answer {
  const wanted = query.getAll('schedule_ids[]');
  const whole = query.getAll('include[]').includes('users');
  const entries = account.state.schedules
    .filter((schedule) => wanted.length === 0 || wanted.includes(schedule.id))
    .flatMap((schedule) =>
      schedule.users.flatMap((id, index) => {
        const found = account.state.users.find((one) => one.id === id);
        if (!found) return [];
        return {
          user: whole ? body.userBody(found) : body.userReference(found),
          schedule: body.reference('schedules', 'schedule', schedule.id, schedule.name),
          escalation_policy: body.reference('escalation_policies', 'escalation_policy', 'PPOLICY', 'Default'),
          ...{ escalation_level: index + 1, start: null, end: schedule.until ?? null },
        };
      }),
    );
  return page('oncalls', entries, query);
}

function incidents({ account, query }: Call): Answer {
  const key = query.get('incident_key');
  const statuses = query.getAll('statuses[]');
  const found = account.state.alerts.filter(
    (alert) => (key === null || alert.dedup_key === key) && (statuses.length === 0 || statuses.includes(alert.status)),
  );
  if (query.get('sort_by') === 'created_at:desc') found.reverse();
  return page(
    'incidents',
    found.map((alert) => body.incidentBody(account, alert)),
    query,
  );
}

function notes({ account }: Call, alert: Alert): Answer {
  return ok({ notes: alert.notes.map((note) => body.noteBody(account, note)) });
}

function addNote({ account, request }: Call, alert: Alert): Answer {
  const agent = requester(account, request);
  if (typeof agent === 'string') return failed(400, [agent]);
  const content = contentOf(request.body);
  if (content === undefined) return failed(400, [`Content can't be blank`]);
  if (alert.notes.length >= 2000) return failed(400, ['An incident can have at most 2000 notes']);
  return { status: 200, body: { note: body.noteBody(account, account.annotate(alert, content, agent)) } };
}

/** Who a writing call is made for, or what is wrong with its `From:`. */
function requester(account: Account, { headers: { from } }: RecordedRequest): Agent | string {
  if (from === undefined) return 'From header is required';
  const author = account.state.users.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  if (!author) return 'Requester User Not Found';
  return { id: author.id, type: 'user_reference', summary: author.name };
}

/** Assigns the incident to one user; of what PagerDuty's call can change, nothing else is taken. */
function updateIncident({ account, request }: Call, alert: Alert): Answer {
  const agent = requester(account, request);
  if (typeof agent === 'string') return failed(400, [agent]);
  const user = assigneeOf(request.body);
  if (user === undefined) return failed(400, ['Incident is invalid']);
  if (!account.state.users.some(({ id }) => id === user)) return failed(400, ['Assignee not found']);
  if (alert.status === 'resolved') return failed(400, ['Incident Already Resolved']);
  account.assign(alert, user, 'assign', agent);
  return ok({ incident: body.incidentBody(account, alert) });
}

function assigneeOf(raw: string): string | undefined {
  try {
    const { incident } = JSON.parse(raw) as { incident?: { type?: unknown; assignments?: unknown } };
    const typed = incident?.type === 'incident' || incident?.type === 'incident_reference';
    if (!typed || !Array.isArray(incident.assignments) || incident.assignments.length !== 1) return undefined;
    const [{ assignee } = {}] = incident.assignments as { assignee?: { id?: unknown; type?: unknown } }[];
    const named = assignee?.type === 'user' || assignee?.type === 'user_reference';
    return named && typeof assignee.id === 'string' ? assignee.id : undefined;
  } catch {
    return undefined;
  }
}

function contentOf(raw: string): string | undefined {
  try {
    const { note } = JSON.parse(raw) as { note?: { content?: unknown } };
    return typeof note?.content === 'string' && note.content.trim() !== '' ? note.content : undefined;
  } catch {
    return undefined;
  }
}

function logEntries({ account, query }: Call, alerts: Alert[]): Answer {
  const entries = alerts.flatMap((alert) => alert.log.map((entry) => ({ alert, entry })));
  entries.reverse();
  return page(
    'log_entries',
    entries.map(({ alert, entry }) => body.logEntryBody(account, alert, entry)),
    query,
  );
}

function withAlert(handler: (call: Call, alert: Alert) => Answer): (call: Call) => Answer {
  return (call) => {
    const alert = call.account.state.alerts.find(({ id }) => id === call.id);
    return alert ? handler(call, alert) : failed(404);
  };
}

const ok = (value: unknown): Answer => ({ status: 200, body: value });

const ERRORS = {
  400: { message: 'Invalid Input Provided', code: 2001 },
  401: { message: 'Unauthorized', code: 2006 },
  402: { message: 'Payment Required', code: 2014 },
  404: { message: 'Not Found', code: 2100 },
  429: { message: 'Rate Limit Exceeded', code: 2020 },
} as const;

function failed(status: keyof typeof ERRORS, errors?: string[]): Answer {
  return { status, body: { error: errors ? { ...ERRORS[status], errors } : ERRORS[status] } };
}
