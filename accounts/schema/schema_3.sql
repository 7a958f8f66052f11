-- Lifts the file of accounts to version 3: codes that a telephone shows.

-- The secret of an account's codes, offered until a first code has confirmed it. The file has to hold it
-- as it is, because the codes are computed from it. A step counts 30 seconds since 1970: a code is taken
-- once, and none before one that was taken.
create table code (
    account text primary key references account (name),
    secret text not null,
    last_step integer not null,
    confirmed integer not null
) strict;
