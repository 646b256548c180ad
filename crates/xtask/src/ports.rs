//! Ports: whether they are free, and whether somebody answers on them.

mod holder;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::settings::Settings;

/// Refuses when a port that will be needed is taken, and says how to go on.
///
/// # Errors
/// With a sentence that names the variable.
pub fn check_free(settings: &Settings) -> anyhow::Result<()> {
    for (name, address) in settings.ports() {
        let port = address.port();
        match TcpListener::bind(address).map(drop) {
            // Some systems let two programs share a port when one of them listens everywhere: ask as well.
            Ok(()) if TcpStream::connect_timeout(&settings.local(port), Duration::from_millis(200)).is_err() => {}
            Ok(()) => bail!(taken(name, port)),
            Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(taken(name, port)),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                bail!("{name} is {port}, which only root may listen on; set {name} to a port above 1023")
            }
            Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
                bail!("BIND_ADDR is `{}`, which is not an address of this machine; 127.0.0.1 always is", address.ip())
            }
            Err(error) => bail!("{name} is {port}, and {address} cannot be listened on: {error}"),
        }
    }
    Ok(())
}

fn taken(name: &str, port: u16) -> String {
    let way_out = match free() {
        Ok(other) => format!("for instance {name}={other}"),
        Err(_) => "choose another".to_owned(),
    };
    let or_use_it = if name == "POSTGRES_PORT" { ", or DATABASE_URL to the database that is there" } else { "" };
    let holder = holder::of(port).unwrap_or_else(|| "another program".to_owned());
    format!("{name} is {port}, but {holder} listens on that port already; set another, {way_out}{or_use_it}")
}

/// A port that is free at the moment.
///
/// # Errors
/// When there is none.
pub fn free() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).context("no port is free on this machine")?.local_addr()?.port())
}

/// Asks for a path; the answer's status and body.
///
/// # Errors
/// When nobody answers within a second or two.
pub fn get(address: SocketAddr, path: &str) -> anyhow::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).context("the answer is not HTTP")?;
    Ok((status, body.to_owned()))
}

/// Looks whether somebody listens where `DATABASE_URL` points; the services find out what they say.
///
/// # Errors
/// With a sentence, which does not repeat the password.
pub fn check_database(url: &str) -> anyhow::Result<String> {
    let Some((host, port)) = host_and_port(url) else { return Ok("the one that DATABASE_URL names".to_owned()) };
    let addresses: Vec<_> = (host, port).to_socket_addrs().into_iter().flatten().collect();
    let answers = addresses.iter().any(|address| TcpStream::connect_timeout(address, Duration::from_secs(3)).is_ok());
    if !answers {
        bail!(
            "DATABASE_URL names a Postgres at {host}:{port}, but nobody answers there; start it, or unset the variable and a private one is started"
        );
    }
    Ok(format!("the one at {host}:{port}, which DATABASE_URL names"))
}

/// Where a database is; `None` when it is not behind a TCP port or the address is written in a rarer way.
fn host_and_port(url: &str) -> Option<(&str, u16)> {
    let rest = url.split_once("://")?.1.split(['/', '?']).next()?;
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (place, 5432),
    };
    (!host.is_empty() && !host.contains(['%', '[']) && !url.contains("host=")).then_some((host, port))
}

/// Whether a Postgres takes connections: it answers a hello with a question for the password instead of an error.
/// Spoken by hand, because the fetched binaries hold no client.
pub fn postgres_answers(address: SocketAddr, user: &str) -> bool {
    let ask = || -> std::io::Result<u8> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        let names = format!("user\0{user}\0database\0postgres\0\0");
        let length = u32::try_from(8 + names.len()).unwrap_or_default();
        let protocol_3_0: u32 = 3 << 16;
        stream.write_all(&[&length.to_be_bytes(), &protocol_3_0.to_be_bytes(), names.as_bytes()].concat())?;
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        Ok(kind[0])
    };
    ask().is_ok_and(|kind| kind == b'R')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused_and_a_free_one_is_not() {
        let [a, b, c] = [free().unwrap(), free().unwrap(), free().unwrap()];
        let check = |landing: u16| {
            let ports = [("LANDING_PORT", landing), ("ADMIN_PORT", a), ("METRICS_PORT", b), ("ABTEST_PORT", c)];
            let mut given = vec![("ADMIN_PASSWORD", "own".to_owned()), ("DATABASE_URL", "postgres://u@h/d".to_owned())];
            given.extend(ports.map(|(name, port)| (name, port.to_string())));
            let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
            check_free(&Settings::of(&given)).map_err(|error| error.to_string())
        };
        let becomes_free = || {
            let holder = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let taken = holder.local_addr().unwrap().port();
            assert!(check(taken).unwrap_err().starts_with(&format!("LANDING_PORT is {taken}, but ")));
            drop(holder);
            check(taken)
        };
        // Another program of this machine may be given the port the moment it is free.
        let tries = [becomes_free(), becomes_free(), becomes_free()];
        assert!(tries.iter().any(Result::is_ok), "{tries:?}");
    }

    #[test]
    fn the_place_of_a_database_is_read_from_its_address() {
        assert_eq!(host_and_port("postgres://u:p%40@db.example:6000/x?sslmode=require"), Some(("db.example", 6000)));
        assert_eq!(host_and_port("postgres://localhost/x"), Some(("localhost", 5432)));
        assert_eq!(host_and_port("postgres:///x?host=/run/postgresql"), None);
    }

    #[test]
    fn nobody_at_the_database_is_a_sentence_without_the_password() {
        let port = free().unwrap();
        let refusal = check_database(&format!("postgres://u:secret@127.0.0.1:{port}/x")).unwrap_err().to_string();
        assert!(
            refusal.starts_with(&format!("DATABASE_URL names a Postgres at 127.0.0.1:{port}"))
                && !refusal.contains("secret")
        );
    }

    #[test]
    fn the_sentence_for_a_taken_port_names_the_variable_and_a_way_out() {
        let sentence = taken("POSTGRES_PORT", 1);
        assert!(
            sentence.starts_with("POSTGRES_PORT is 1, but another program listens on that port already; set another")
        );
        assert!(
            sentence.contains("POSTGRES_PORT=") && sentence.ends_with("DATABASE_URL to the database that is there")
        );
    }
}
