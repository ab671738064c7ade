//! Black-box tests of the program `probity`: started, signalled, killed and asked as operators do.

mod api;
mod audit;
mod canary;
mod command;
mod database;
mod doors;
mod explorer;
mod faults;
mod http;
mod keyring;
mod keys;
mod killed;
mod mailbox;
mod people;
mod program;
mod rules;
mod scan;
mod serve;
mod setting;
mod superuser;
mod visitor;
