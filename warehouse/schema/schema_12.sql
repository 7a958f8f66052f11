-- Version 12: by which account an action was done.

alter table change add column account varchar;
comment on column change.account is '以哪个账号录入；没有账号时（单机模式、命令行、启用账号以前）录入的为空';
