export type {
  ApprovalFacts,
  IncidentFacts,
  MessageParams,
  PageFacts,
  RefusedSend,
  RunFacts,
} from '../src/domain/incident/facts.ts';
