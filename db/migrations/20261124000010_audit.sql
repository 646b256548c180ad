-- Who changed what, and when: written by the database with the change itself, never changed, chained by hash. Owner: abtest;
-- metrics writes what it erases.

create table audit
(
    -- 1, 2, 3 …: a gap is an entry that somebody took out.
    id            bigint      not null,
    at            timestamptz not null,
    -- `admin`, or `system` for what happens by itself (the first start, a guardrail that pauses).
    actor         text        not null,
    action        text        not null,
    subject       text        not null,
    subject_id    text        not null,
    subject_name  text,
    -- The subject before and after; null where there was or is none.
    before        jsonb,
    after         jsonb,
    -- SHA-256 over the hash of the entry before (32 bytes of zero before the first) and `audit_text` of this one.
    previous_hash bytea       not null,
    hash          bytea       not null,
    constraint audit_pkey primary key (id),
    constraint audit_hash_unique unique (hash)
);

create index audit_subject_idx on audit (subject, subject_id, id);

-- What the hash is over: an array, so that no two entries read alike.
create function audit_text(entry audit) returns text
    language sql
    stable
as
$$
select jsonb_build_array(entry.id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.actor,
                         entry.action, entry.subject, entry.subject_id, entry.subject_name, entry.before, entry.after)::text
$$;

-- Writes an entry. One transaction at a time until it ends: the order of the entries is the order of the commits.
create function record_audit(
    action text, subject text, subject_id text, subject_name text, before jsonb, after jsonb
) returns void
    language plpgsql
as
$$
declare
    entry audit;
    last  audit;
begin
    perform pg_advisory_xact_lock(7310003);
    select * into last from audit order by id desc limit 1;
    entry.id := coalesce(last.id, 0) + 1;
    entry.at := clock_timestamp();
    entry.actor := coalesce(nullif(current_setting('pushnami.actor', true), ''), 'system');
    entry.action := coalesce(nullif(current_setting('pushnami.action', true), ''), action);
    entry.subject := subject;
    entry.subject_id := subject_id;
    entry.subject_name := subject_name;
    entry.before := before;
    entry.after := after;
    entry.previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    entry.hash := sha256(entry.previous_hash || convert_to(audit_text(entry), 'UTF8'));
    insert into audit values (entry.*);
end
$$;

create function refuse_audit_change() returns trigger
    language plpgsql
as
$$
begin
    raise exception 'the audit trail is only ever added to';
end
$$;

create trigger audit_stays
    before update or delete or truncate
    on audit
    for each statement
execute function refuse_audit_change();

-- By triggers, so that no way of changing these tables goes past it. Its argument is what a row is called.
create function audit_change() returns trigger
    language plpgsql
as
$$
declare
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - 'updated_at' - 'revision_action' end;
    after  jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - 'updated_at' - 'revision_action' end;
    known  jsonb := coalesce(after, before);
begin
    if before is distinct from after then
        perform record_audit(case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'changed' end,
                             tg_argv[0], known ->> 'id', known ->> 'name', before, after);
    end if;
    return null;
end
$$;

-- Deferred: at the very end of a transaction nothing more is waited for, so that two of them that write here cannot wait
-- for each other.
create constraint trigger experiments_audit
    after insert or update or delete
    on experiments
    deferrable initially deferred
    for each row
execute function audit_change('experiment');

create constraint trigger toggles_audit
    after insert or update or delete
    on toggles
    deferrable initially deferred
    for each row
execute function audit_change('toggle');
