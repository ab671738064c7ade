//! Threads that hash: a bounded queue, and memory that is used again.
//!
//! Argon2's memory is most of its start-up cost. Each thread keeps its own while there is work,
//! and when there is none wipes it and gives it back.

use argon2::Block;
use std::{
    collections::VecDeque,
    num::NonZeroUsize,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use zeroize::Zeroize;

/// A thread that has had nothing to do for so long gives its memory back.
const KEEPS_MEMORY: Duration = Duration::from_secs(1);

/// Something to do with a thread's memory.
pub(super) type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The blocks that argon2 works in.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
}

impl Memory {
    /// So many blocks, whatever stands in them.
    pub(super) fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::default());
        }
        &mut self.blocks[..count]
    }

    /// What was made from passwords does not lie around.
    fn give_back(&mut self) {
        self.blocks.zeroize();
        self.blocks = Vec::new();
    }
}

/// The threads and their queue. They end when this is dropped and the queue is empty.
pub(super) struct Workers {
    queue: Arc<Queue>,
}

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    most: usize,
}

struct State {
    jobs: VecDeque<Job>,
    open: bool,
}

impl Workers {
    /// Starts `threads` threads, each with `begin`, for a queue of at most `most` jobs.
    ///
    /// # Panics
    /// When the operating system gives no thread.
    pub(super) fn start(threads: NonZeroUsize, most: usize, begin: fn()) -> Self {
        let state = Mutex::new(State { jobs: VecDeque::with_capacity(most), open: true });
        let queue = Arc::new(Queue { state, changed: Condvar::new(), most });
        for number in 0..threads.get() {
            let queue = Arc::clone(&queue);
            let work = move || {
                begin();
                queue.work();
            };
            thread::Builder::new()
                .name(format!("hasher-{number}"))
                .spawn(work)
                .expect("a server that cannot start a thread cannot run");
        }
        Self { queue }
    }

    /// Puts a job at the end of the queue; gives it back when the queue is full.
    pub(super) fn give(&self, job: Job) -> Result<(), Job> {
        let mut state = self.queue.state();
        if state.jobs.len() >= self.queue.most {
            return Err(job);
        }
        state.jobs.push_back(job);
        drop(state);
        self.queue.changed.notify_one();
        Ok(())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.queue.state().open = false;
        self.queue.changed.notify_all();
    }
}

/// What a thread finds when it looks.
enum Found {
    Job(Job),
    Nothing,
    End,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can panic halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One thread's life.
    fn work(&self) {
        let mut memory = Memory::default();
        loop {
            match self.wait() {
                Found::Job(job) => job(&mut memory),
                Found::Nothing => memory.give_back(),
                Found::End => return memory.give_back(),
            }
        }
    }

    fn wait(&self) -> Found {
        let idle = |state: &mut State| state.jobs.is_empty() && state.open;
        let waited = self.changed.wait_timeout_while(self.state(), KEEPS_MEMORY, idle);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match state.jobs.pop_front() {
            Some(job) => Found::Job(job),
            None if state.open => Found::Nothing,
            None => Found::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    };

    const ONE: NonZeroUsize = NonZeroUsize::MIN;

    /// A job that tells how many blocks its thread holds and takes one.
    fn count(workers: &Workers) -> Receiver<usize> {
        let (tell, told) = channel();
        let job = Box::new(move |memory: &mut Memory| {
            tell.send(memory.blocks.len()).ok();
            memory.blocks(1);
        });
        assert!(workers.give(job).is_ok());
        told
    }

    #[test]
    fn memory_is_kept_for_the_next_job_and_given_back_when_there_is_none() {
        let workers = Workers::start(ONE, 4, || ());
        let first = count(&workers);
        let second = count(&workers);
        assert_eq!((first.recv(), second.recv()), (Ok(0), Ok(1)));
        thread::sleep(KEEPS_MEMORY * 2);
        assert_eq!(count(&workers).recv(), Ok(0));
    }

    #[test]
    fn every_thread_begins_as_told_and_what_was_given_is_done_before_they_end() {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let begin = || {
            BEGUN.fetch_add(1, Ordering::SeqCst);
        };
        let two = ONE.saturating_add(1);
        let workers = Workers::start(two, 64, begin);
        let told: Vec<_> = (0..64).map(|_| count(&workers)).collect();
        let queue = Arc::downgrade(&workers.queue);
        drop(workers);
        assert!(told.iter().all(|told| told.recv().is_ok()));
        while queue.upgrade().is_some() {
            thread::yield_now();
        }
        assert_eq!(BEGUN.load(Ordering::SeqCst), 2);
    }
}
