-- For which team a letter was written: whoever sees the state of a letter sees only their team's.
-- An invitation's pointer alone did not hold that.
alter table mail add column for_team uuid references team (id);
update mail m set for_team = i.team_id from invitation i where i.mail_id = m.id;
create index mail_for_team on mail (for_team) where for_team is not null;
