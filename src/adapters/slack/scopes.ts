/** The bot scopes that Lifeboat's calls need; slack-app-manifest.yaml asks for the same. */
export const BOT_SCOPES = [
  ...['commands', 'chat:write', 'channels:manage', 'channels:join', 'channels:read', 'channels:history'],
  ...['metadata.message:read', 'groups:read', 'groups:history', 'im:write', 'im:history', 'pins:write'],
  ...['files:write', 'users:read'],
] as const;
