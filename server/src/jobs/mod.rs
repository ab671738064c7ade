//! Background work: what runs again and again, as role `probity_job`.
//!
//! **To add a job**: one row in [`SCHEDULE`] that calls one `domain` operation.

use domain::Deps;
use futures::future::BoxFuture;
use std::time::Duration;
use tokio::{
    runtime::Handle,
    task::spawn_blocking,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long a job rests at most because it had much to do.
const REST_MOST: Duration = Duration::from_secs(10);

/// Something to do again and again.
pub struct Job {
    /// Its name in the log.
    pub name: &'static str,
    /// From the end of one run to the start of the next, unless it took long.
    pub every: Duration,
    run: fn(Deps) -> BoxFuture<'static, domain::Result<()>>,
}

/// Every job.
pub const SCHEDULE: &[Job] = &[
    Job {
        name: "key.usage",
        every: Duration::from_secs(1),
        run: |deps| Box::pin(async move { domain::key::flush_usage(&deps).await }),
    },
    Job {
        name: "usage.sweep",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::key::sweep_usage(&deps).await }),
    },
    Job {
        name: "audit.prove",
        every: Duration::from_secs(15),
        run: |deps| Box::pin(async move { domain::audit::prove(&deps).await }),
    },
    Job {
        name: "audit.index",
        every: Duration::from_secs(5),
        run: |deps| Box::pin(async move { domain::audit::index(&deps).await }),
    },
    Job {
        name: "audit.retain",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::audit::retain(&deps).await }),
    },
    Job {
        name: "audit.stream",
        every: Duration::from_secs(2),
        run: |deps| Box::pin(async move { domain::audit::stream::deliver(&deps).await }),
    },
    Job {
        name: "access.refuse",
        every: Duration::from_secs(2),
        run: |deps| Box::pin(async move { domain::audit::record_refusals(&deps).await }),
    },
    Job {
        name: "audit.sweep",
        every: Duration::from_secs(60),
        run: |deps| {
            Box::pin(async move {
                let log = domain::audit::export::sweep(&deps).await;
                let data = domain::data::export::sweep(&deps).await;
                log.and(data).and(domain::data::import::sweep(&deps).await)
            })
        },
    },
    Job {
        name: "answer.sweep",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::sweep_answers(&deps).await }),
    },
    Job {
        name: "session.sweep",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::account::sweep_sessions(&deps).await }),
    },
    Job {
        name: "account.sweep",
        every: Duration::from_secs(10 * 60),
        run: |deps| Box::pin(async move { domain::account::sweep(&deps).await }),
    },
    Job {
        name: "person.sweep",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::account::sweep_deleted(&deps).await }),
    },
    Job {
        name: "role.probe",
        every: Duration::from_secs(60),
        run: |deps| Box::pin(async move { domain::proof::probe_due(&deps).await }),
    },
    Job {
        name: "mfa.remind",
        every: Duration::from_secs(10 * 60),
        run: |deps| Box::pin(async move { domain::security::remind(&deps).await }),
    },
    Job {
        name: "key.remind",
        every: Duration::from_secs(10 * 60),
        run: |deps| Box::pin(async move { domain::key::remind_ends(&deps).await }),
    },
    Job {
        name: "quota.remind",
        every: Duration::from_secs(60),
        run: |deps| Box::pin(async move { domain::key::remind_quotas(&deps).await }),
    },
    Job {
        name: "limit.sweep",
        every: Duration::from_secs(10 * 60),
        run: |deps| Box::pin(async move { domain::limit::sweep(&deps).await }),
    },
    Job {
        name: "team.delete",
        every: Duration::from_secs(5),
        run: |deps| Box::pin(async move { domain::team::delete_due(&deps).await }),
    },
    Job {
        name: "invitation.forget",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::invitation::forget_old(&deps).await }),
    },
    Job {
        name: "keyring.renew",
        every: Duration::from_secs(5),
        run: |deps| Box::pin(async move { domain::renewal::renew_due(&deps).await }),
    },
    Job {
        name: "mail.send",
        every: Duration::from_secs(1),
        run: |deps| Box::pin(async move { domain::mail::send_due(&deps).await }),
    },
    Job {
        name: "mail.sweep",
        every: Duration::from_secs(60 * 60),
        run: |deps| Box::pin(async move { domain::mail::sweep(&deps).await }),
    },
];

/// The jobs that run now.
pub struct Jobs {
    stop: CancellationToken,
    running: TaskTracker,
}

impl Jobs {
    /// Starts every job of the schedule, each in a task of its own.
    pub fn start(deps: &Deps) -> Self {
        let (stop, running) = (CancellationToken::new(), TaskTracker::new());
        for job in SCHEDULE {
            running.spawn(repeat(job, deps.clone(), stop.clone()));
        }
        running.spawn(listen(deps.clone(), stop.clone()));
        Self { stop, running }
    }

    /// Starts no more runs, and waits for the ones under way.
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.close();
        self.running.wait().await;
    }
}

/// Runs `job` until `stop`. Trouble is logged once, when it begins and when it is over.
async fn repeat(job: &Job, deps: Deps, stop: CancellationToken) {
    let mut pause = job.every;
    let mut in_trouble = false;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = sleep(pause) => {}
        }
        let began = Instant::now();
        let ran = aside((job.run)(deps.clone())).await;
        // Whoever has much to do rests four times as long: requests need the database more than a job
        // does, and what has gathered meanwhile costs less in one go.
        pause = job.every.max(REST_MOST.min(4 * began.elapsed()));
        match ran {
            Ok(()) if in_trouble => tracing::info!(job = job.name, "A job works again."),
            Err(error) if !in_trouble => {
                tracing::error!(job = job.name, cause = %error, "A job fails and is tried again.");
            }
            Ok(()) => continue,
            Err(_) => continue,
        }
        in_trouble = !in_trouble;
    }
}

/// Runs it on a thread of its own: what a job computes keeps no request waiting.
async fn aside(run: BoxFuture<'static, domain::Result<()>>) -> domain::Result<()> {
    let runtime = Handle::current();
    let ran = spawn_blocking(move || runtime.block_on(run)).await;
    ran.unwrap_or(Err(domain::Error::Inconsistent("a job broke")))
}

/// Hears of altered keys until `stop`, over one connection after the other.
async fn listen(deps: Deps, stop: CancellationToken) {
    const PAUSE: Duration = Duration::from_millis(500);
    let mut in_trouble = false;
    loop {
        let lost = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            lost = domain::key::listen(&deps, || {
                if std::mem::take(&mut in_trouble) {
                    tracing::info!("Changes of keys are heard again.");
                }
            }) => lost,
        };
        if let Err(error) = lost
            && !std::mem::replace(&mut in_trouble, true)
        {
            tracing::warn!(
                cause = %error,
                "Changes of keys are not heard: each key is looked up anew after five seconds."
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(PAUSE) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::task::Task;

    /// A job's name is its task's, where it has one: logs and the ledger call it the same.
    #[test]
    fn every_job_is_a_task_that_the_database_knows() {
        for job in SCHEDULE {
            assert!(Task::ALL.iter().any(|task| task.name() == job.name), "{}", job.name);
        }
    }

    #[test]
    fn every_job_has_a_name_of_its_own() {
        for (i, a) in SCHEDULE.iter().enumerate() {
            assert!(SCHEDULE[i + 1..].iter().all(|b| a.name != b.name), "{}", a.name);
        }
    }
}
