import { isMap, isScalar, isSeq, type Document } from 'yaml';
import type { Words } from '../domain/schema/words.ts';

/** Only files of Lifeboat's have these. */
const OURS = ['severities', 'escalation_policies', 'steps', 'audiences'];

/** What a file seems to be that is none of Lifeboat's, as a problem; undefined when it may be one of them. */
export function foreignWords(file: string, text: string, document: Document | undefined): Words | undefined {
  const kind = kindOf(file, text, document);
  if (kind === undefined) return undefined;
  return {
    message: `this seems to be ${kind}`,
    rule: 'an estate has sites, severities, people, roles, escalation_policies, audiences and services; a runbook has steps',
    fix: 'give the file of an estate or a runbook, or begin one with `lifeboat init`',
  };
}

function kindOf(file: string, text: string, document: Document | undefined): string | undefined {
  if (/\.(md|markdown|mdx)$/i.test(file)) return MARKDOWN;
  const contents = document?.contents;
  if (isScalar(contents)) return /^#{1,6} \S/m.test(text) ? MARKDOWN : undefined;
  if (isSeq(contents)) return isPlay(contents.items[0]) ? 'an Ansible playbook' : undefined;
  if (!isMap(contents) || OURS.some((key) => contents.has(key))) return undefined;
  return KINDS.find(([, fits]) => fits((...path) => contents.getIn(path)))?.[0];
}

const MARKDOWN = 'Markdown';

type Get = (...path: (string | number)[]) => unknown;

const KINDS: [kind: string, fits: (get: Get) => boolean][] = [
  ['a Backstage catalog file', (get) => String(get('apiVersion')).startsWith('backstage.io/')],
  ['a Kubernetes manifest', (get) => typeof get('apiVersion') === 'string' && typeof get('kind') === 'string'],
  ['a file of Prometheus rules', (get) => isSeq(get('groups', 0, 'rules'))],
  ['the configuration of Prometheus', (get) => isSeq(get('scrape_configs'))],
  ['the configuration of Alertmanager', (get) => isMap(get('route')) && isSeq(get('receivers'))],
  ['a GitHub workflow', (get) => isMap(get('jobs')) && get('on') !== undefined],
  ['a Compose file', (get) => isComposed(get('services'))],
  ['an OpenAPI description', (get) => get('openapi') !== undefined || get('swagger') !== undefined],
];

const isComposed = (services: unknown): boolean =>
  isMap(services) && services.items.some(({ value }) => isMap(value) && (value.has('image') || value.has('build')));

const isPlay = (item: unknown): boolean => isMap(item) && item.has('hosts') && (item.has('tasks') || item.has('roles'));
