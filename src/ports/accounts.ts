/**
 * What kind of account a person has in the chat: of the company itself, a guest there, or somebody of another company in
 * a shared channel. `unanswered`: nobody could be asked just now; `refused`: asking is not allowed.
 */
export type AccountKind = 'member' | 'guest' | 'other_company' | 'unanswered' | 'refused';
