/** What a service starts with: small, the same on every machine, and enough of it that a restore has something to do. */
export function seedOf(service) {
  const files = FILES[service] ?? {};
  const documents = Object.entries(files).map(([name, value]) => [
    `${name}.json`,
    `${JSON.stringify(value, null, 2)}\n`,
  ]);
  return Object.fromEntries([...documents, ['receipts.jsonl', receipts(service)]]);
}

const FILES = {
  'database-cluster': { members: ['db-1', 'db-2', 'db-3'], replication: { mode: 'synchronous', copies: 3 } },
  authentication: {
    security: { certificates: true, rate_limits: true, policies: true },
    clients: ['api-gateway', 'dashboard', 'monitoring'],
  },
  'api-gateway': {
    routes: {
      '/api/auth': 'authentication',
      '/api/tools': 'tool-orchestration',
      '/api/resources': 'resource-management',
    },
    tools: ['search', 'fetch', 'summarize', 'translate'],
    resources: ['documents', 'prompts', 'receipts'],
  },
  'session-manager': { settings: { idle_minutes: 30, store: 'database-cluster' } },
  'tool-orchestration': { tools: [tool('search', 5), tool('fetch', 10), tool('summarize', 30), tool('translate', 20)] },
  'resource-management': { resources: ['documents', 'prompts', 'receipts'].map((name) => ({ name, watched: true })) },
  monitoring: {
    rules: [
      { alert: 'erlmcp_process_health', below: 1 },
      { alert: 'erlmcp_error_rate', above: 0.05 },
    ],
  },
  dashboard: { panels: ['health', 'requests', 'sessions', 'tools', 'resources'] },
};

function tool(name, seconds) {
  return { name, timeout_seconds: seconds };
}

function receipts(service) {
  const line = (n) =>
    JSON.stringify({ n, service, key: `${service}-${String(n).padStart(4, '0')}`, amount: (n * 37) % 101 });
  return Array.from({ length: 100 }, (_, index) => `${line(index + 1)}\n`).join('');
}
