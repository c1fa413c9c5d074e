// The metrics of this process for Prometheus, in base units, without numbers, texts or ids of anybody.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Makes the metrics of one program; several programs in one process do not share them. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    registry,
    accepted: counter('recado_messages_accepted_total', 'Messages that were accepted here.', []),
    outcomes: counter('recado_messages_outcomes_total', 'Messages by the status that a call brought them to.', [
      'status',
    ]),
    received: counter(
      'recado_messages_received_total',
      'Messages of people that were applied here, repeats included.',
      [],
    ),
    receipts: counter('recado_receipts_total', 'Receipts that were applied here, repeats included.', ['status']),
    deadItems: counter('recado_dead_letters_total', 'Inbound items that could not be applied.', []),
    attempts: counter('recado_attempts_total', 'Calls to a channel by what came of them.', ['class']),
    fetches: counter('recado_media_fetches_total', 'Fetches of message files, by outcome.', ['outcome']),
    webhooks: counter('recado_webhook_attempts_total', 'Attempts to post an event to an endpoint, by outcome.', [
      'outcome',
    ]),
    buildInfo: gauge('recado_build_info', 'The version of this process and of its Node.js; always 1.', [
      'version',
      'node',
    ]),
    requestSeconds: new Histogram({
      name: 'recado_http_request_seconds',
      help: 'How long requests took, by kind and class of status.',
      labelNames: ['kind', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    callSeconds: new Histogram({
      name: 'recado_send_seconds',
      help: 'How long calls to a channel took.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
      registers,
    }),
    sessions: gauge('recado_sessions', 'Sessions of linked phones that this process holds.', []),
    sessionOpens: counter('recado_session_opens_total', 'Connections to WhatsApp Web that were begun here.', []),
    sessionCloses: counter('recado_session_closes_total', 'Connections to WhatsApp Web that ended here, by code.', [
      'code',
    ]),
    links: gauge('recado_links', 'Links of accounts to phones, by state.', ['state']),
    webVersionAge: gauge('recado_web_version_age_seconds', 'Since when this version of WhatsApp Web is used.', []),
    webVersionReadAge: gauge(
      'recado_web_version_read_age_seconds',
      'Since when WhatsApp last told its current version of WhatsApp Web.',
      [],
    ),
    undecryptable: counter(
      'recado_undecryptable_messages_total',
      'Messages of linked phones that could not be decrypted when they came.',
      [],
    ),
    unreadableEdits: counter(
      'recado_unreadable_edits_total',
      'Edits of messages whose new text could not be read.',
      [],
    ),
    undecryptableMost: gauge(
      'recado_undecryptable_messages_hour_max',
      'The most messages of one linked phone here that could not be decrypted in the last hour.',
      [],
    ),
    laneRuns: counter('recado_lane_runs_total', 'Runs of lanes.', ['kind']),
    wakeups: counter('recado_wakeups_total', 'Wake-ups by their outcome in this process.', ['kind', 'outcome']),
    wakeupLag: new Histogram({
      name: 'recado_wakeup_lag_seconds',
      help: 'The time from sending a wake-up to receiving it.',
      buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
      registers,
    }),
    waiting: gauge('recado_messages_waiting', 'Messages that have no outcome yet.', ['status', 'priority']),
    oldest: gauge('recado_oldest_due_seconds', 'How long the oldest due message has waited.', ['priority']),
    held: gauge('recado_lanes_held', 'Accounts whose queue is held.', ['reason']),
    open: gauge(
      'recado_lane_open',
      'Open work: lanes with due messages, inbound payloads, read marks, files to fetch, outcomes to ask about.',
      ['kind'],
    ),
    workers: gauge('recado_workers', 'Workers that are alive.', []),
    eventLag: gauge(
      'recado_event_lag_seconds',
      'Age of the oldest writing transaction of the server, which readers of events wait for.',
      [],
    ),
    commitsLost: counter('recado_commits_lost_total', 'How often the database was found without its last commits.', []),
    realtimeClients: gauge('recado_realtime_clients', 'Open streams and sockets of this process.', ['transport']),
    realtimeBehind: gauge(
      'recado_realtime_behind_seconds',
      'How far the stream or socket of this process is behind that is furthest; 0: all have all events.',
      [],
    ),
    realtimeCut: counter('recado_realtime_cut_total', 'Streams and sockets that this process ended, by reason.', [
      'code',
    ]),
    undelivered: gauge(
      'recado_messages_undelivered',
      'Messages that were reported in the last 7 days, and are still not delivered; 10,000 at most.',
      [],
    ),
    stuck: gauge('recado_messages_stuck', 'Messages that were reported as stuck, and have not moved on.', []),
    duplicated: counter(
      'recado_messages_duplicated_total',
      'Messages of which the channel took more than one call.',
      [],
    ),
    retentionBehind: gauge(
      'recado_retention_behind_seconds',
      'Since when retention of this worker has had more to delete than it got done; 0 where it has caught up.',
      [],
    ),
    redisUp: gauge('recado_redis_up', 'Whether Redis is connected, by its use; nothing without Redis.', ['use']),
    replicaUp: gauge('recado_replica_up', 'Whether the replica answers lists; nothing without a replica.', ['use']),
    replicaLag: gauge(
      'recado_replica_lag_seconds',
      'How far the replica is behind the primary; nothing without a replica.',
      ['use'],
    ),
    listReads: counter(
      'recado_list_reads_total',
      'Statements of lists, exports, statistics and search by the server that answered; nothing without a replica.',
      ['server'],
    ),
    commitSeconds: new Histogram({
      name: 'recado_commit_seconds',
      help: 'How long COMMIT took, or a single statement that writes, commit included.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
    pool: gauge('recado_pool_connections', 'Connections to the database.', ['pool', 'state']),
    storageFree: gauge('recado_storage_free_bytes', 'Room on the disk of the embedded database.', ['disk']),
    backupAt: gauge('recado_backup_last_success_timestamp_seconds', 'When the last backup was made, or proven.', [
      'kind',
    ]),
    backupFailing: gauge('recado_backup_failing', 'Whether the last backup, or the last proof, failed.', ['kind']),
    databaseUp: gauge('recado_database_up', 'Whether the database answered this scrape.', []),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
