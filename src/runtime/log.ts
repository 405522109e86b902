import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { createRedactor, REDACTED, type Redactor } from './redact.ts';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** Where the lines go; stdout when absent. */
  destination?: DestinationStream;
  /** Values known to be secret, such as the configured tokens: taken out wherever they stand. */
  secrets?: readonly string[];
}

/** The one log of the process, as JSON lines; every finished line passes the scrubber, child bindings and errors too. */
export function createLog({ level, destination, secrets = [] }: LogOptions): Log {
  const redactor = createRedactor(secrets);
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['token', '*.token', 'password', '*.password', 'headers.authorization'], censor: REDACTED },
      // The last moment before a line leaves: nothing logged in another way can go around it.
      hooks: { streamWrite: (line) => scrubLine(line, redactor) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function scrubLine(line: string, redactor: Redactor): string {
  try {
    return `${JSON.stringify(redactor.value(JSON.parse(line)))}\n`;
  } catch {
    return `{"level":"error","msg":"a log line was not JSON and was dropped"}\n`;
  }
}
