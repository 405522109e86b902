import type { SideEffect } from '../actions/definition.ts';
import type { ActionName } from '../actions/index.ts';
import type { Json, JsonObject } from '../json.ts';

/*
 * The estate as the rest of Lifeboat sees it: the names of the YAML, every duration in milliseconds, every name that
 * is referred to known to exist. `src/estate` parses and checks it; nothing else builds one outside tests.
 */

export const SEVERITIES = ['P0', 'P1', 'P2', 'P3'] as const;
export type SeverityId = (typeof SEVERITIES)[number];

export interface Severity {
  name: string;
  /** Further words that people type for it. */
  aliases?: string[];
  rto: number;
  rpo?: number;
  respond_within?: number;
  update_every: number;
  escalation: string;
  audiences: string[];
}

export interface Person {
  name: string;
  slack?: string;
  email?: string;
  phone?: string;
  pagerduty?: string;
}

export interface Role {
  name?: string;
  people: string[];
  pagerduty_schedule?: string;
}

export interface EscalationLevel {
  after: number;
  page: string[];
  notify: string[];
  say?: string;
}

/** How often a policy begins again after its last level. */
export type Repeat = number | 'until_answered';

export interface EscalationPolicy {
  levels: EscalationLevel[];
  repeat: Repeat;
  /** How long whom the last level asked have to answer, in ms. */
  patience: number;
}

export interface Audience {
  slack?: string; // 'incident-channel', '#name' or a channel id
  email: string[];
  status_page: boolean;
  consent?: string; // the role that must agree before anything is sent
}

export interface Dependency {
  service: string;
  strength: 'strong' | 'weak';
}

/** One look at the outside world that changes nothing. */
export interface Check {
  uses: ActionName;
  with: JsonObject;
  timeout: number;
}

export interface HealthCheck extends Check {
  id: string;
  every: number;
  failure_limit: number;
  /** What it looks at; a restart mends no data. */
  of?: 'service' | 'data';
}

export interface Service {
  name?: string;
  tier: number;
  rto: number;
  rpo: number;
  owner: string;
  method?: string;
  recovery_order?: number; // its place in the agreed order, 1 first
  recovery_time?: number; // how long bringing it back takes
  site?: string;
  depends_on: Dependency[];
  checks: HealthCheck[];
  recover?: string;
  /** The runbook that restores its data. */
  restore?: string;
  auto_recover: boolean;
  on_failure?: { declare: SeverityId };
  /** Whoever acts on the service asks first, whatever runbook does it. */
  approval?: ServiceApproval;
}

export interface ServiceApproval {
  approvers: string[]; // roles
  min_approvals: number;
  exclude_requester: boolean;
  require_comment: boolean;
  timeout?: number;
  on_timeout: 'pause' | 'fail';
}

export interface AlertRule {
  match: Record<string, string>;
  meaning: string;
  action: string;
  service?: string;
  severity?: SeverityId;
  suggest?: string;
}

export type Site = JsonObject & { role: string };

export interface Retry {
  max_attempts: number;
  interval: number;
  backoff_factor: number;
  max_interval: number;
}

export type OnFailure = 'pause' | 'fail' | 'continue' | 'rollback';

export interface Step {
  id: string;
  name: string;
  uses: ActionName;
  with: JsonObject;
  needs: string[];
  side_effect: SideEffect;
  probe?: Check;
  timeout: number;
  retry: Retry;
  on_failure: OnFailure;
  preconditions: Check[];
  postconditions: Check[];
  rollback?: Check;
  site?: string;
  expected_duration?: number;
}

export interface Input {
  type: 'string' | 'number' | 'boolean' | 'site' | 'service';
  default?: Json;
  description?: string;
}

export interface Runbook {
  name: string;
  description: string;
  objectives?: { rto?: number; rpo?: number };
  inputs: Record<string, Input>;
  /** What no two runs may hold at once, besides the services that they act on. */
  locks?: string[];
  steps: Step[];
  finally: Step[];
}

/** Who besides members of the workspace may declare and read how people are reached. */
export interface Outsiders {
  guests: boolean;
  other_companies: boolean;
}

export interface Estate {
  name: string;
  outsiders: Outsiders;
  sites: Record<string, Site>;
  severities: Record<SeverityId, Severity>;
  people: Record<string, Person>;
  roles: Record<string, Role>;
  escalation_policies: Record<string, EscalationPolicy>;
  audiences: Record<string, Audience>;
  services: Record<string, Service>;
  /** The runbook that restores data of services that name none of their own. */
  restore?: string;
  alerts: AlertRule[];
  contacts: Record<string, string[]>; // problem → roles
  runbooks: Record<string, Runbook>;
}
