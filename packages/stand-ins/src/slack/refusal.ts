/** A Web API refusal: becomes `{ ok: false, error: code, … }` with status 200. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly messages: string[];
  constructor(code: string, messages: string[] = []) {
    super(messages.length > 0 ? `${code}: ${messages.join('; ')}` : code);
    this.name = 'SlackRefusal';
    this.code = code;
    this.messages = messages;
  }
}
