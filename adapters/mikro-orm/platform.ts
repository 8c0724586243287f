/** Tables that every service has in its own schema, beside those of its aggregates. */
export const platformMigrations = [
  {
    name: 'platform-1',
    up: [
      // Messages on their way out, and once published the log that read models are rebuilt from.
      `create table outbox (
        id uuid primary key,
        kind text not null,
        type text not null,
        routing_key text not null,
        subject text not null,
        correlation_id text not null,
        causation_id text not null,
        traceparent text,
        created_at timestamptz not null,
        payload bytea not null,
        published_at timestamptz,
        not_before timestamptz
      )`,
      `create index outbox_waiting on outbox (id) where published_at is null`,
      // What was handled; inserted first in the transaction of the effect.
      `create table inbox (
        consumer text not null,
        message_id text not null,
        primary key (consumer, message_id)
      )`,
      // Answers to commands that came with an idempotency key.
      `create table kept_answer (
        caller text not null,
        method text not null,
        key text not null,
        fingerprint text not null,
        response bytea,
        refusal jsonb,
        created_at timestamptz not null,
        primary key (caller, method, key)
      )`,
      `create index kept_answer_age on kept_answer (created_at)`,
      // Alarm clocks. A claim is a lease: who hangs while handling one leaves it to the next.
      `create table timer (
        id uuid primary key,
        aggregate text not null,
        aggregate_id uuid not null,
        name text not null,
        due_at timestamptz not null,
        claimed_until timestamptz,
        unique (aggregate_id, aggregate, name)
      )`,
      `create index timer_due on timer (due_at)`,
      // What only one aggregate may hold at a time.
      `create table claim (
        key text collate "C" primary key,
        holder uuid not null
      )`,
      `create index claim_holder on claim (holder)`,
      // Messages to be handled again when what they need is back.
      `create table retry (
        message_id text primary key,
        envelope jsonb not null,
        attempts integer not null,
        due_at timestamptz not null,
        last_error text not null
      )`,
      `create index retry_due on retry (due_at)`,
      // Messages that cannot be handled until somebody has looked at them.
      `create table dead_letter (
        message_id text primary key,
        envelope jsonb not null,
        error text not null,
        died_at timestamptz not null,
        redriven_at timestamptz
      )`,
    ],
  },
  {
    name: 'platform-2',
    up: [
      // What a timer does belongs to the trace of what set it.
      `alter table timer add column traceparent text`,
      `create index dead_letter_open on dead_letter (message_id) where redriven_at is null`,
    ],
  },
  {
    name: 'platform-3',
    // How the rebuilding of a projection goes; any replica may be asked.
    up: ['create table rebuild (id uuid primary key, state jsonb not null)'],
  },
  {
    name: 'platform-4',
    up: [
      // Where messages go that were published long ago: a table a day (archive.ts).
      'create table outbox_archive (like outbox, primary key (id)) partition by range (id)',
      // Everything that was ever to be sent.
      'create view told as select * from outbox_archive union all select * from outbox',
    ],
  },
  {
    name: 'platform-5',
    up: [
      // Ends a transaction whose statement has not touched the rows that it must: another writer was first.
      `create function must_touch(touched bigint, expected bigint, what text) returns void language plpgsql as $$
      begin
        if touched <> expected then raise exception 'another writer was first' using errcode = 'JARI1', detail = what; end if;
      end $$`,
    ],
  },
  {
    name: 'platform-6',
    // The process that claimed a timer (process-lock.ts): what a dead one claimed is free at once.
    up: ['alter table timer add column claimed_by integer'],
  },
  {
    name: 'platform-7',
    // Written to see whether a disk that was full has space again (health.ts).
    up: ['create unlogged table disk_probe (content text)'],
  },
  {
    name: 'platform-8',
    up: [
      // Whether the message comes from a newer sender, and is handled by itself after the upgrade; whether it is no envelope at all.
      `alter table dead_letter add column newer boolean not null default false, add column unreadable boolean not null default false,
        add column discarded_at timestamptz`,
      'drop index dead_letter_open',
      'create index dead_letter_open on dead_letter (message_id) where redriven_at is null and discarded_at is null',
      // How far the service is with sending again what it has published (retell.ts); and that its queue was there at the broker before.
      `create table retelling (
        id boolean primary key default true check (id),
        since timestamptz,
        requested_at timestamptz,
        ended_at timestamptz,
        cursor uuid,
        sent bigint not null default 0,
        unheard bigint not null default 0
      )`,
      'insert into retelling default values',
      'create table queue_seen (queue text primary key)',
    ],
  },
  {
    name: 'platform-audit-1',
    up: [
      // What administrators and agents did (audit/trail.ts). Each row is chained to the one before; the database makes the chain, one row
      // at a time.
      `create table audit (
        number bigint primary key,
        act uuid not null,
        kind text not null check (kind in ('begun', 'ended')),
        content text not null,
        hash text not null
      )`,
      `create index audit_act on audit (act)`,
      `create index audit_begun on audit (number) where kind = 'begun'`,
      `create function audit_hash(previous text, number bigint, act uuid, kind text, content text) returns text language sql immutable as $$
        select encode(sha256(convert_to(previous || ' ' || number || ' ' || act || ' ' || kind || ' ' || content, 'UTF8')), 'hex')
      $$`,
      `create function audit_append(new_act uuid, new_kind text, new_content text) returns void language plpgsql as $$
        declare
          last_number bigint;
          last_hash text;
        begin
          perform pg_advisory_xact_lock(hashtext('audit'), hashtext(current_schema()));
          select number, hash into last_number, last_hash from audit order by number desc limit 1;
          last_number := coalesce(last_number, 0) + 1;
          insert into audit values (last_number, new_act, new_kind, new_content, audit_hash(coalesce(last_hash, ''), last_number, new_act, new_kind, new_content));
        end
      $$`,
      `create function audit_stays() returns trigger language plpgsql as $$ begin raise exception 'the audit trail is only added to'; end $$`,
      `create trigger audit_stays before update or delete or truncate on audit for each statement execute function audit_stays()`,
    ],
  },
  {
    name: 'platform-9',
    up: [
      // The staff roles that identity last said a person has: tokens that are older have at most these (auth/staff-roles.ts).
      'create table staff_roles (person uuid primary key, roles jsonb not null, set_at timestamptz not null)',
    ],
  },
  {
    name: 'platform-10',
    up: [
      'alter table staff_roles add column suspended boolean not null default false',
      'create index staff_roles_suspended on staff_roles (person) where suspended',
    ],
  },
] as const;
