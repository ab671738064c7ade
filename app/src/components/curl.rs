//! How a key is verified: the command, ready to copy.

use crate::{islands::copy::Copy, server};
use leptos::prelude::*;

/// The `curl` command that verifies a key, and what it answers.
#[component]
pub fn VerifyWithCurl(#[prop(into)] start: String) -> AnyView {
    let command = command(&server::public_url());
    view! {
        <div class="grid grid-cols-[minmax(0,1fr)] gap-3">
            <p class="max-w-[64ch] text-ink-2">
                "Put the whole key into " <code>"PROBITY_KEY"</code> ", then ask. \
                Your API does the same with each key that it is given."
            </p>
            <div class="code-block">
                <pre tabindex="0" role="region" aria-label="Command">
                    <code>{command.clone()}</code>
                </pre>
            </div>
            <p class="flex flex-wrap gap-2">
                <Copy text=command label="Copy command" class="btn btn-sm"/>
            </p>
            <p class="max-w-[64ch] text-ink-2">
                "The answer for " <code>{start} "…"</code> " says " <code>"\"valid\": true"</code>
                " while it works, and the reason in " <code>"code"</code> " when it does not."
            </p>
        </div>
    }
    .into_any()
}

fn command(url: &str) -> String {
    format!(
        "curl {url}/v1/keys/verify \\\n  -H 'Content-Type: application/json' \\\n  \
         -d \"{{\\\"key\\\": \\\"$PROBITY_KEY\\\"}}\""
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_is_one_that_a_shell_takes() {
        assert_eq!(
            super::command("https://console.halden.example"),
            "curl https://console.halden.example/v1/keys/verify \\\n  \
             -H 'Content-Type: application/json' \\\n  -d \"{\\\"key\\\": \\\"$PROBITY_KEY\\\"}\""
        );
    }
}
