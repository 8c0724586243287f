/**
 * Generated columns are for filtering alone; all that is shown comes from `state`. Nothing points at the table, and it holds
 * nothing but what events said, so a rebuild can fill another one of the same make aside and then take its place.
 */
export const migrations = [
  {
    name: 'views-1',
    up: [
      // Room on each page for the next versions of its rows: most changes touch no indexed column and stay within the page.
      `create table order_view (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        kind text generated always as (state #>> '{head,order,kind}') stored,
        phase text generated always as (state #>> '{head,phase}') stored,
        customer_id text generated always as (state #>> '{head,customerId}') stored,
        provider_id text generated always as (state #>> '{head,providerId}') stored,
        attributes jsonb generated always as (state #> '{head,attributes}') stored,
        -- Read through where the other filters leave much: trigrams know no Hangul in the C locale, and cost more than all indexes here.
        search text generated always as (
          (state #>> '{head,title}') || ' ' || (state #>> '{head,reason}') || ' ' || (state #>> '{head,reasonText}') || ' ' ||
          jsonb_path_query_array(state, '$.head.attributes.*')::text
        ) stored,
        requested_at bigint generated always as ((state #>> '{head,createTime}')::bigint) stored,
        confirmed boolean generated always as ((state -> 'confirmed')::boolean) stored,
        paid boolean generated always as ((state -> 'paid')::boolean) stored,
        declined boolean generated always as ((state -> 'declined')::boolean) stored
      ) with (fillfactor = 70)`,
      // Ids rise with time, so these give lists newest first.
      'create index on order_view (customer_id, id)',
      'create index on order_view (provider_id, id)',
      'create index on order_view (kind, id)',
      'create index on order_view (phase, id)',
      'create index on order_view using gin (attributes jsonb_path_ops)',
      // KPIs are read from the index alone.
      'create index on order_view (requested_at) include (kind, confirmed, paid, declined)',
    ],
  },
  {
    name: 'views-2',
    up: [
      // How texts are compared in a search: without case, accents, or the form in which they were typed. Most are ASCII, and that is quick.
      `create function folded(text) returns text language sql immutable strict parallel safe as $$
        select case when $1 ~ '^[[:ascii:]]*$' then lower($1)
          else normalize(lower(regexp_replace(normalize($1, NFKD), '[\\u0300-\\u036f\\u200b-\\u200f\\u2060\\ufeff\\u00ad]', '', 'g') collate "pg_c_utf8"), NFKC) end
      $$`,
      'alter table order_view drop column search',
      // Read through where the other filters leave much, as before.
      `alter table order_view add column search text generated always as (folded(
        (state #>> '{head,title}') || ' ' || (state #>> '{head,reason}') || ' ' || (state #>> '{head,reasonText}') || ' ' ||
        jsonb_path_query_array(state, '$.head.attributes.*')::text
      )) stored`,
      `create table timeline_line (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        order_id uuid generated always as ((state ->> 'orderId')::uuid) stored,
        at bigint generated always as ((state #>> '{entry,at}')::bigint) stored
      )`,
      'create index on timeline_line (order_id, at, id)',
      `insert into timeline_line (id, version, state, created_at, updated_at)
        select (entry ->> 'id')::uuid, 1, jsonb_build_object('status', 'kept', 'orderId', order_view.id, 'entry', entry), created_at, created_at
        from order_view, jsonb_array_elements(state -> 'timeline') entry on conflict do nothing`,
    ],
  },
  {
    name: 'views-3',
    up: [
      // For what changed lately. A summary of pages, not of rows: an update of `updated_at` alone stays within its page.
      'create index order_view_updated_at_idx on order_view using brin (updated_at) with (pages_per_range = 16, autosummarize = on)',
    ],
  },
] as const;
