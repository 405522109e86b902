/** What each service asks before it says that it is well; a test compares it with `depends_on` in estate.yaml. */
export const NEEDS = {
  'database-cluster': [],
  authentication: [],
  'api-gateway': ['authentication'],
  'session-manager': ['database-cluster'],
  'tool-orchestration': ['api-gateway'],
  'resource-management': ['session-manager'],
  monitoring: ['authentication', 'api-gateway', 'session-manager', 'tool-orchestration', 'resource-management'],
  dashboard: [
    ...['authentication', 'api-gateway', 'session-manager', 'tool-orchestration', 'resource-management'],
    'monitoring',
  ],
};
