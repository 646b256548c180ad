//! What the kernel knows of processes: the CPU time they used and the memory they hold. Read from `/proc`, so Linux only.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::command::ask;

/// CPU seconds that a process has used, in the program and in the kernel on its behalf.
///
/// # Errors
/// When there is no such process.
pub fn cpu_seconds(pid: i32) -> anyhow::Result<f64> {
    let stat = Stat::read(pid).with_context(|| format!("process {pid} is gone"))?;
    Ok(stat.own)
}

/// CPU seconds of a process and of all it started, running or ended: Postgres is one process a connection.
///
/// # Errors
/// When there is no such process.
pub fn cpu_seconds_with_children(pid: i32) -> anyhow::Result<f64> {
    let parent = Stat::read(pid).with_context(|| format!("process {pid} is gone"))?;
    let numbers = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let running: f64 = numbers.filter_map(Stat::read).filter(|stat| stat.parent == pid).map(|stat| stat.own).sum();
    Ok(parent.own + parent.ended_children + running)
}

/// CPU seconds of a process's present threads, to the nanosecond: for one that hardly does anything.
///
/// # Errors
/// When there is no such process.
pub fn fine_cpu_seconds(pid: i32) -> anyhow::Result<f64> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).with_context(|| format!("process {pid} is gone"))?;
    let nanoseconds = |task: &Path| -> Option<f64> {
        fs::read_to_string(task.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    Ok(tasks.flatten().filter_map(|task| nanoseconds(&task.path())).sum::<f64>() / 1e9)
}

/// Megabytes that a process holds now, and the most it held since it began or since [`forget_peak`].
///
/// # Errors
/// When there is no such process.
pub fn memory(pid: i32) -> anyhow::Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid} is gone"))?;
    let lines: BTreeMap<_, _> = status.lines().filter_map(|line| line.split_once(':')).collect();
    let megabytes = |name| -> Option<f64> {
        let kilobytes: f64 = lines.get(name)?.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    let read = || Some(Memory { now: megabytes("VmRSS")?, peak: megabytes("VmHWM")? });
    read().with_context(|| format!("process {pid} holds no memory any more"))
}

/// Lets the peak begin anew at what is held now.
///
/// # Errors
/// When the process belongs to somebody else.
pub fn forget_peak(pid: i32) -> anyhow::Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").with_context(|| format!("the peak of process {pid} stays"))
}

/// Megabytes of a process.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Resident now.
    pub now: f64,
    /// The most that was resident.
    pub peak: f64,
}

struct Stat {
    parent: i32,
    own: f64,
    ended_children: f64,
}

impl Stat {
    fn read(pid: i32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in brackets, may hold anything; fields are counted behind it, the state being number 3 of the manual.
        let fields: Vec<_> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let seconds = |number: usize| -> Option<f64> { Some(fields.get(number - 3)?.parse::<f64>().ok()? / ticks()) };
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: seconds(14)? + seconds(15)?,
            ended_children: seconds(16)? + seconds(17)?,
        })
    }
}

fn ticks() -> f64 {
    static TICKS: std::sync::OnceLock<f64> = std::sync::OnceLock::new();
    *TICKS.get_or_init(|| ask("getconf", &["CLK_TCK"]).and_then(|text| text.parse().ok()).unwrap_or(100.0))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn work_and_memory_of_this_process_are_seen() {
        let own = i32::try_from(std::process::id()).unwrap();
        let before = fine_cpu_seconds(own).unwrap();
        let sum: u64 = (0..3_000_000_u64).map(std::hint::black_box).sum();
        assert!(sum > 0 && fine_cpu_seconds(own).unwrap() > before);
        assert!(cpu_seconds(own).unwrap() <= cpu_seconds_with_children(own).unwrap());
        let held = memory(own).unwrap();
        assert!(held.now > 0.0 && held.peak >= held.now);
        assert!(cpu_seconds(i32::MAX).is_err());
    }
}
