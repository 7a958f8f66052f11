-- The file of accounts, version 1, made when the first administrator is added. Times are seconds since 1970 (UTC).

create table account (
    name text primary key,
    display_name text not null,
    password_hash text not null,
    role text not null check (role in ('unit', 'office', 'leader', 'admin')),
    must_change integer not null,
    disabled integer not null,
    created_at real not null,
    password_set_at real not null
) strict;

create table account_unit (
    account text not null references account (name),
    unit text not null,
    primary key (account, unit)
) strict;

-- A session is kept by the hash of its token, so that the file alone lets nobody in.
create table session (
    token_hash text primary key,
    account text not null references account (name),
    created_at real not null,
    last_seen_at real not null,
    address text not null,
    ended_at real,
    ended_why text
) strict;
create index session_of_account on session (account);

-- Attempts since the last success, by the hash of the name that was typed; the name '' counts those of
-- an address for all accounts.
create table attempt (
    name text not null,
    address text not null,
    attempts integer not null,
    last_at real not null,
    primary key (name, address)
) strict;

create table event (
    event_id integer primary key,
    at text not null,
    kind text not null,
    account text not null,
    address text not null,
    detail text not null
) strict;
