/** The part of a pino logger that the launcher speaks to. */
export interface PostgresLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silentLog: PostgresLog = { info: () => undefined, warn: () => undefined };
