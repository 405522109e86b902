/** A refusal of the sandbox, meant for a person: `message` says the value and the rule, `fix` what to do instead. */
export class SandboxError extends Error {
  readonly fix: string | undefined;
  constructor(message: string, fix?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxError';
    this.fix = fix;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
