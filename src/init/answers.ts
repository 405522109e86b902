/** What a first estate is made of. */
export interface Answers {
  estate: string;
  person: string;
  /** Empty while it is not known. */
  slack: string;
  service: string;
  address: string;
}

export interface Question {
  key: keyof Answers;
  ask: string;
  /** Taken for an empty answer. */
  usual: string;
  /** Why the answer will not do; null when it does. */
  problem: (answer: string) => string | null;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$/;
const nameProblem = (answer: string): string | null =>
  NAME.test(answer) ? null : 'a name is letters, digits, - and _, and starts with a letter or digit';

/** The usual answers make an estate that runs as it is: it protects Lifeboat itself. */
export const QUESTIONS: readonly Question[] = [
  { key: 'estate', ask: 'What is all of it called?', usual: 'my-estate', problem: nameProblem },
  {
    key: 'person',
    ask: 'Who is on call? (a full name)',
    usual: 'First Responder',
    problem: (answer) => (/^[^\p{C}]{1,80}$/u.test(answer) ? null : 'a name has 1 to 80 characters'),
  },
  {
    key: 'slack',
    ask: 'Their Slack member ID? (profile, ⋮, Copy member ID; may follow later)',
    usual: '',
    problem: (answer) =>
      answer === '' || /^[UW][A-Z0-9]{2,}$/.test(answer) ? null : 'it is U or W and capitals or digits, such as U01ANA',
  },
  { key: 'service', ask: 'Which service comes first?', usual: 'lifeboat', problem: nameProblem },
  {
    key: 'address',
    ask: 'Which address answers while it works?',
    usual: 'http://127.0.0.1:3000/healthz',
    problem: (answer) =>
      /^https?:\/\/[^/\s]\S*$/.test(answer) && URL.canParse(answer) ? null : 'it starts with http:// or https://',
  },
];

export const USUAL = Object.fromEntries(QUESTIONS.map(({ key, usual }) => [key, usual])) as unknown as Answers;
