/** Why there is no server, meant for a person: `message` says what is wrong, `fix` what to do about it. */
export class EmbeddedPostgresError extends Error {
  readonly fix: string | undefined;
  constructor(message: string, fix?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.fix = fix;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
