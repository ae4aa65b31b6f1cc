import { ANSWER_CHECKS } from './checks/answer-checks.ts';
import { LEGACY_CHECKS } from './checks/legacy-check.ts';
import { NOTICE_CHECKS } from './checks/notice-checks.ts';
import { POLICY_CHECKS } from './checks/policy-checks.ts';
import { RESTRICTION_CHECKS } from './checks/restriction-checks.ts';
import { SOCKET_CHECKS } from './checks/socket-checks.ts';
import { SYNC_CHECKS } from './checks/sync-check.ts';
import { TIMING_CHECKS } from './checks/timing-checks.ts';
import { TOLERANCE_CHECKS } from './checks/tolerance-checks.ts';
import { TRANSPORT_CHECKS } from './checks/transport-checks.ts';
import type { Check } from './verdict.ts';

/** In the order they are shown: area by area. */
export const ALL_CHECKS: readonly Check[] = [
  ...TRANSPORT_CHECKS,
  ...SOCKET_CHECKS,
  ...ANSWER_CHECKS,
  ...RESTRICTION_CHECKS,
  ...TOLERANCE_CHECKS,
  ...LEGACY_CHECKS,
  ...TIMING_CHECKS,
  ...NOTICE_CHECKS,
  ...POLICY_CHECKS,
  ...SYNC_CHECKS,
];
