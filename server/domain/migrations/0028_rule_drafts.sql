-- A file of rules between its dry run and its import: one for each person in a team, removed when it is
-- imported, replaced or an hour old.
create table rule_draft (
    team_id uuid not null,
    person_id uuid not null,
    id uuid not null,
    made_at timestamptz not null,
    csv text not null check (octet_length(csv) <= 16777216),
    primary key (team_id, person_id),
    foreign key (team_id, person_id) references member (team_id, person_id) on delete cascade
);
