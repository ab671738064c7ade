//! The program `probity`. See the crate `server`, which it is made of.

fn main() -> std::process::ExitCode {
    server::command::run()
}
