-- Affiliate programs: a name, and the key that a program knows its partner by. The key is sealed under the
-- team's own data key and is read by what answers the API, never by a request of a person.
create table affiliate_program (
    team_id uuid not null references team (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    sealed bytea not null check (octet_length(sealed) between 1 and 1024),
    key_set_at timestamptz not null,
    created_at timestamptz not null,
    primary key (team_id, id)
);
create unique index affiliate_program_name on affiliate_program (team_id, lower(name));

-- Keyword rules: which words of a message lead to which address.
create table keyword_rule (
    team_id uuid not null references team (id),
    id uuid not null,
    -- As it was typed, and as it is compared: folded by the program (rule/fold.rs).
    keyword text not null check (char_length(keyword) between 1 and 200),
    folded text collate "C" not null check (char_length(folded) between 1 and 400),
    matching text not null check (matching in ('exact', 'phrase', 'prefix')),
    -- ISO 639; empty for any.
    language text not null check (language ~ '^([a-z]{2,3})?$'),
    url text not null check (char_length(url) between 1 and 1000),
    program_id uuid,
    priority integer not null check (priority between -1000 and 1000),
    -- The first and the last day that it counts on, by the team's clocks.
    starts date,
    ends date,
    enabled boolean not null,
    changed_at timestamptz not null,
    primary key (team_id, id),
    constraint keyword_rule_days check (starts <= ends),
    constraint keyword_rule_program foreign key (team_id, program_id)
        references affiliate_program (team_id, id),
    -- What a file that is imported means by the same rule.
    constraint keyword_rule_once
        unique nulls not distinct (team_id, folded, matching, language, program_id)
);
create index keyword_rule_by_keyword on keyword_rule (team_id, folded, id);
create index keyword_rule_by_program on keyword_rule (team_id, program_id)
    where program_id is not null;

-- How many there are, and a number that goes up with each change: what was read under a number holds as
-- long as the number does.
create table rule_state (
    team_id uuid primary key references team (id),
    version bigint not null default 0,
    rules integer not null default 0 check (rules >= 0),
    programs integer not null default 0 check (programs >= 0)
);

-- Counts what a statement has changed, once for all of its rows, and tells programs that remember the
-- rules. Whoever changes rules at the same time waits for this row, so that no limit is passed together.
create function app.count_rules() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    side integer := case tg_op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end;
    of_team record;
    state public.rule_state;
begin
    for of_team in select c.team_id, count(*)::integer * side as more from changed c group by 1 loop
        insert into public.rule_state (team_id) values (of_team.team_id) on conflict do nothing;
        update public.rule_state s set version = s.version + 1,
            rules = s.rules
                + case tg_table_name when 'keyword_rule' then of_team.more else 0 end,
            programs = s.programs
                + case tg_table_name when 'affiliate_program' then of_team.more else 0 end
        where s.team_id = of_team.team_id returning s.* into state;
        if of_team.more > 0 and state.rules > 50000 then
            raise exception 'a team has at most 50,000 rules' using errcode = 'PB011';
        end if;
        if of_team.more > 0 and state.programs > 100 then
            raise exception 'a team has at most 100 programs' using errcode = 'PB012';
        end if;
        perform pg_notify('probity_keys', 'rules ' || of_team.team_id);
    end loop;
    return null;
end $$;
create trigger keyword_rule_is_counted_in after insert on keyword_rule
    referencing new table as changed for each statement execute function app.count_rules();
create trigger keyword_rule_is_counted_out after delete on keyword_rule
    referencing old table as changed for each statement execute function app.count_rules();
create trigger keyword_rule_is_told after update on keyword_rule
    referencing new table as changed for each statement execute function app.count_rules();
alter table keyword_rule enable always trigger keyword_rule_is_counted_in;
alter table keyword_rule enable always trigger keyword_rule_is_counted_out;
alter table keyword_rule enable always trigger keyword_rule_is_told;
create trigger affiliate_program_is_counted_in after insert on affiliate_program
    referencing new table as changed for each statement execute function app.count_rules();
create trigger affiliate_program_is_counted_out after delete on affiliate_program
    referencing old table as changed for each statement execute function app.count_rules();
create trigger affiliate_program_is_told after update on affiliate_program
    referencing new table as changed for each statement execute function app.count_rules();
alter table affiliate_program enable always trigger affiliate_program_is_counted_in;
alter table affiliate_program enable always trigger affiliate_program_is_counted_out;
alter table affiliate_program enable always trigger affiliate_program_is_told;

-- The days of rules begin at the team's midnight: another time zone is a change of all of them.
create function app.tell_rules() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.rule_state s set version = s.version + 1 where s.team_id = old.id;
    if found then
        perform pg_notify('probity_keys', 'rules ' || old.id);
    end if;
    return null;
end $$;
create trigger team_moves_its_rules after update of time_zone on team
    for each row when (old.time_zone <> new.time_zone) execute function app.tell_rules();
alter table team enable always trigger team_moves_its_rules;
