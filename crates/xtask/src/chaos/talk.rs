//! One HTTP call a connection, as a balancer makes it: to one copy, and to the other when nothing was taken there.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a caller waits for an answer, as browsers do at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked.
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, with its query.
    pub path: &'a str,
    /// The header `Cookie`.
    pub cookies: String,
    /// The body, JSON.
    pub body: String,
}

/// What was answered.
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The lines of the head.
    pub head: Vec<String>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// Cookies that are set, as `name=value`.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let set = self.head.iter().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next())?
        });
        set.filter_map(|pair| pair.split_once('='))
    }
}

/// Asks one copy.
///
/// # Errors
/// When nobody takes the connection, or it ends before the whole answer has come.
pub fn ask(address: SocketAddr, call: &Call<'_>) -> anyhow::Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let Call { method, path, cookies, body } = call;
    let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nUser-Agent: Mozilla/5.0 (chaos)\r\n");
    if !cookies.is_empty() {
        head += &format!("Cookie: {cookies}\r\n");
    }
    if !body.is_empty() {
        head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| anyhow::anyhow!("the answer broke off"))?;
    let head: Vec<_> = head.lines().map(str::to_owned).collect();
    let status = head.first().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status = status.ok_or_else(|| anyhow::anyhow!("the answer is not HTTP"))?;
    let length = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    anyhow::ensure!(length.is_none_or(|length| length == body.len()), "the answer broke off");
    Ok(Reply { status, head, body: body.to_owned() })
}

/// Asks the copies in turn, beginning with this one, until one has answered: right for what may be asked twice.
///
/// # Errors
/// When none answered, with what the last one did.
pub fn ask_any(copies: &[SocketAddr], first: usize, call: &Call<'_>) -> anyhow::Result<Reply> {
    let mut last = Err(anyhow::anyhow!("there is no copy"));
    for turn in 0..copies.len() {
        last = ask(copies[(first + turn) % copies.len()], call);
        if last.is_ok() {
            break;
        }
    }
    last
}
