-- The statements that accounts run, each under its name.

-- name: any_account
select count(*) from account

-- name: schema_version
select user_version from pragma_user_version

-- name: set_schema_version
pragma user_version = {}

-- name: accounts
select name, display_name, role, disabled, must_change, password_hash <> '',
    exists (select 1 from identity i where i.account = name),
    exists (select 1 from code c where c.account = name and c.confirmed)
from account order by created_at, name

-- name: account
select name, display_name, role, disabled, must_change, password_hash <> '',
    exists (select 1 from identity i where i.account = name),
    exists (select 1 from code c where c.account = name and c.confirmed)
from account where name = $name

-- name: account_of_identity
select account from identity where issuer = $issuer and subject = $subject

-- name: identity_of_account
select subject from identity where issuer = $issuer and account = $name

-- name: add_identity
insert into identity values ($issuer, $subject, $name, $now)

-- name: set_display_name
update account set display_name = $display_name where name = $name

-- name: units
select account, unit from account_unit order by rowid

-- name: units_of_account
select unit from account_unit where account = $name order by rowid

-- name: password
select password_hash, password_set_at, disabled from account where name = $name

-- name: code
select secret, last_step, confirmed from code where account = $name

-- name: role
select role from account where name = $name

-- name: offer_code
insert or ignore into code values ($name, $secret, 0, 0)

-- name: use_code
update code set last_step = $step, confirmed = 1 where account = $name and last_step < $step
returning last_step

-- name: forget_code
delete from code where account = $name

-- name: other_administrators
select count(*) from account where role = 'admin' and not disabled and name <> $name

-- name: add_account
insert into account values ($name, $display_name, $password_hash, $role, $must_change, 0, $now, $now)

-- name: add_unit
insert or ignore into account_unit values ($name, $unit)

-- name: remove_units
delete from account_unit where account = $name

-- name: set_password
update account set password_hash = $password_hash, must_change = $must_change, password_set_at = $now
where name = $name

-- name: renew_hash
update account set password_hash = $password_hash where name = $name

-- name: set_role
update account set role = $role where name = $name

-- name: set_disabled
update account set disabled = $disabled where name = $name

-- name: add_session
insert into session (token_hash, account, created_at, last_seen_at, address, by_provider)
values ($token_hash, $name, $now, $now, $address, $by_provider)

-- name: session
select s.account, s.created_at, s.last_seen_at, s.ended_why, a.disabled, a.must_change, a.password_set_at,
    s.by_provider, a.role, exists (select 1 from code c where c.account = a.name and c.confirmed)
from session s join account a on a.name = s.account
where s.token_hash = $token_hash

-- name: open_sessions
select account, created_at, last_seen_at, address from session
where ended_at is null and created_at > $oldest and last_seen_at > $idle order by last_seen_at desc

-- name: see_session
update session set last_seen_at = $now where token_hash = $token_hash and ended_at is null

-- name: end_session
update session set ended_at = $now, ended_why = $why where token_hash = $token_hash and ended_at is null

-- name: end_sessions
update session set ended_at = $now, ended_why = $why where account = $name and ended_at is null

-- name: end_every_session
update session set ended_at = $now, ended_why = $why where ended_at is null

-- name: forget_sessions
delete from session where created_at < $oldest

-- name: forget_attempts
delete from attempt where last_at < $oldest

-- name: attempts
select attempts from attempt where name = $name and address = $address

-- name: count_attempt
insert into attempt values ($name, $address, 1, $now)
on conflict (name, address) do update set attempts = attempts + 1, last_at = $now

-- name: forgive_account
delete from attempt where name = $name and address = $address

-- name: forgive_address
update attempt set attempts = attempts - 1 where name = '' and address = $address

-- name: add_event
insert into event (at, kind, account, address, detail) values ($at, $kind, $account, $address, $detail)

-- name: queries
select at, detail from event where account = $account and kind = 'queried' order by event_id desc limit $most

-- name: events
select at, kind, account, address, detail from event order by event_id desc limit $most
