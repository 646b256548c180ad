//! Single requests, through curl.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::reading::NotBuilt;

/// curl, and the token that opens the admin's calls.
pub struct Curl {
    /// The program.
    pub program: PathBuf,
    /// The admin's token; empty before logging in.
    pub token: String,
}

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Curl {
    /// The line of the head that opens the admin's calls.
    pub fn authorization(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    /// Asks; any status is an answer.
    ///
    /// # Errors
    /// When nobody answers.
    pub fn ask(&self, method: &str, address: &str, body: Option<&Value>) -> anyhow::Result<Answer> {
        let mut command = Command::new(&self.program);
        command.args(["-sS", "--max-time", "120", "-X", method, "-w", "\n%{http_code}", address]);
        command.args(["-H", &self.authorization(), "-H", "Content-Type: application/json"]);
        if let Some(body) = body {
            command.args(["--data", &body.to_string()]);
        }
        let output = command.output().context("curl cannot be started")?;
        if !output.status.success() {
            bail!("{method} {address}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let (body, status) = text.rsplit_once('\n').context("curl named no status")?;
        Ok(Answer { status: status.parse()?, body: body.to_owned() })
    }

    /// Asks for JSON that must be there; a 404 means that the call is not built yet.
    ///
    /// # Errors
    /// When the answer is not 2xx.
    pub fn json(&self, method: &str, address: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let answer = self.ask(method, address, body)?;
        let path = address.splitn(4, '/').nth(3).unwrap_or_default();
        match answer.status {
            404 => bail!(NotBuilt(format!("{method} /{path}"))),
            200..=299 => Ok(serde_json::from_str(&answer.body).unwrap_or(Value::Null)),
            status => bail!("{method} /{path} answered {status}: {}", answer.body),
        }
    }
}
