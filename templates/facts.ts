export type { ApprovalFacts, IncidentFacts, MessageParams, RunFacts } from '../src/domain/facts.ts';
