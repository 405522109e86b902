/** A message as the sink took it. */
export interface Mail {
  id: string;
  /** When it came, in ms since 1970. */
  at: number;
  from: string;
  to: string[];
  subject: string;
  text: string;
  /** Its source is shown where there is no text. */
  html: string | null;
}

/** One message on its way to the sink, and the reply. */
export interface SmtpExchange {
  at: number;
  between: 'mail';
  direction: 'out';
  what: string;
  /** The SMTP reply code. */
  status: number;
  ms: number;
  request: { from: string; to: string[]; bytes: number; subject?: string };
  response: string;
}
