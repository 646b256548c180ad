//! Runs wrk: many connections, each of which asks again as soon as it is answered.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::command::run;
use crate::progress::Step;

/// The line that every script ends with.
const REPORT: &str = include_str!("scripts/report.lua");

/// What the connections ask.
#[derive(Clone, Copy)]
pub enum Script {
    /// One address.
    Plain,
    /// Events, one by one or in batches.
    Events,
    /// One body.
    Post,
    /// Assignments, with every answer counted.
    Assign,
    /// Assignments of a thousand visitors, as quickly as can be.
    Known,
}

impl Script {
    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Plain => ("plain.lua", include_str!("scripts/plain.lua")),
            Self::Events => ("events.lua", include_str!("scripts/events.lua")),
            Self::Post => ("post.lua", include_str!("scripts/post.lua")),
            Self::Assign => ("assign.lua", include_str!("scripts/assign.lua")),
            Self::Known => ("known.lua", include_str!("scripts/known.lua")),
        }
    }
}

/// A load to be put on.
pub struct Load<'a> {
    /// Scheme, host, port and path.
    pub address: String,
    /// How many connections.
    pub connections: u32,
    /// For how long.
    pub time: Duration,
    /// What is asked.
    pub script: Script,
    /// What the script is told.
    pub arguments: Vec<String>,
    /// Lines of the request's head.
    pub headers: &'a [String],
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// Answers.
    pub requests: f64,
    /// How long it took.
    pub seconds: f64,
    /// Answers that the script took for success; only where the script looks at answers.
    pub created: f64,
    /// The others.
    pub refused: f64,
    /// Answers that are neither 2xx nor 3xx.
    pub failed: f64,
    /// Connections that failed, answers that did not come.
    pub broken: f64,
    /// Milliseconds until the answer.
    pub mean: f64,
    /// For half of the requests at most this.
    pub p50: f64,
    /// For 99 of 100.
    pub p99: f64,
}

impl<'a> Load<'a> {
    /// The same request from many connections.
    pub fn plain(address: String, connections: u32, time: Duration, headers: &'a [String]) -> Self {
        Self { address, connections, time, script: Script::Plain, arguments: Vec::new(), headers }
    }

    /// Puts the load on; `folder` is for the script.
    ///
    /// # Errors
    /// When wrk fails or somebody asked for a stop meanwhile.
    pub fn run(&self, step: &Step, wrk: &Path, folder: &Path) -> anyhow::Result<Flow> {
        let lines = run(step, &mut self.command(wrk, folder)?, "wrk failed")?;
        read(&lines).with_context(|| format!("wrk said nothing that can be read: {}", lines.join(" / ")))
    }

    /// The call of wrk.
    ///
    /// # Errors
    /// When the script cannot be written.
    pub fn command(&self, wrk: &Path, folder: &Path) -> anyhow::Result<Command> {
        let (name, text) = self.script.text();
        let file = folder.join(name);
        fs::write(&file, format!("{text}\n{REPORT}")).with_context(|| format!("{name} cannot be written"))?;
        let mut command = Command::new(wrk);
        let seconds = self.time.as_secs().max(1);
        command.args(["-t1", &format!("-c{}", self.connections), &format!("-d{seconds}s"), "--timeout", "30s"]);
        command.arg("-s").arg(file).arg(&self.address);
        for header in self.headers {
            command.args(["-H", header]);
        }
        command.arg("--").args(&self.arguments);
        Ok(command)
    }
}

/// Reads the line of the script's end.
pub fn read(lines: &[String]) -> Option<Flow> {
    let line = lines.iter().find_map(|line| line.strip_prefix("BENCH "))?;
    let numbers: BTreeMap<&str, f64> = line
        .split(' ')
        .filter_map(|word| word.split_once('='))
        .filter_map(|(n, v)| Some((n, v.parse().ok()?)))
        .collect();
    let get = |name| numbers.get(name).copied();
    Some(Flow {
        requests: get("requests")?,
        seconds: get("micros")? / 1e6,
        created: get("created")?,
        refused: get("refused")?,
        failed: get("failed")?,
        broken: get("broken")?,
        mean: get("mean")? / 1e3,
        p50: get("p50")? / 1e3,
        p99: get("p99")? / 1e3,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_scripts_is_read() {
        let line =
            "BENCH requests=10 micros=2000000 created=9 refused=1 failed=1 broken=0 mean=1500.5 p50=1000 p99=4000";
        let flow = read(&["Running 2s test".to_owned(), line.to_owned()]).unwrap();
        assert_eq!([flow.requests, flow.seconds, flow.created, flow.refused], [10.0, 2.0, 9.0, 1.0]);
        assert_eq!([flow.failed, flow.broken, flow.mean, flow.p50, flow.p99], [1.0, 0.0, 1.5005, 1.0, 4.0]);
        assert!(read(&[]).is_none());
    }
}
