-- Lifts the file of accounts to version 2: logins by 统一身份认证.

alter table session add column by_provider integer not null default 0;

-- Which account a person of the provider has. The provider never changes a subject or gives it again,
-- so it stands for the person however the names change.
create table identity (
    issuer text not null,
    subject text not null,
    account text not null references account (name),
    bound_at real not null,
    primary key (issuer, subject),
    unique (issuer, account)
) strict;
