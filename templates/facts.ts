export type {
  ApprovalFacts,
  IncidentFacts,
  MessageParams,
  RequestFacts,
  RunFacts,
} from '../src/domain/incident/facts.ts';
