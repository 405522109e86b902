export type {
  ApprovalFacts,
  IncidentFacts,
  MessageParams,
  PageFacts,
  RefusedSend,
  RequestFacts,
  RunFacts,
} from '../src/domain/incident/facts.ts';
