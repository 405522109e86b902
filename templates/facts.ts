export type { ApprovalFacts, IncidentFacts, MessageParams, RunFacts } from '../src/domain/incident/facts.ts';
