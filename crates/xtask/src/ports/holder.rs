//! Who listens on a port: a name and a number save a newcomer the search. Linux tells in `/proc`; elsewhere, and for
//! programs of other users, nobody is named.

use std::fs;
use std::path::Path;

/// A word or two for the program that listens on the port, such as `postgres (process 812)`.
pub fn of(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| fs::read_to_string(file).unwrap_or_default());
    let socket = tables.iter().flat_map(|table| table.lines()).find_map(|line| listening_socket(line, port))?;
    let link = format!("socket:[{socket}]");
    let processes = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path());
    let holder = processes.filter(|process| process.join("fd").is_dir()).find(|process| holds(process, &link))?;
    let name = fs::read_to_string(holder.join("comm")).ok()?;
    Some(format!("{} (process {})", name.trim(), holder.file_name()?.to_string_lossy()))
}

/// The socket's number, if a line of the table is a listener on the port.
fn listening_socket(line: &str, port: u16) -> Option<&str> {
    const LISTENING: &str = "0A";
    let fields: Vec<_> = line.split_whitespace().collect();
    let here = fields.get(1)?.rsplit_once(':')?.1;
    let matches = u16::from_str_radix(here, 16) == Ok(port) && *fields.get(3)? == LISTENING;
    matches.then(|| fields.get(9).copied())?
}

fn holds(process: &Path, link: &str) -> bool {
    let files = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    files.filter_map(|file| fs::read_link(file.path()).ok()).any(|target| target.to_string_lossy() == link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_table_is_read() {
        let line = "0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 4711 1 0 100 0 0 10 0";
        assert_eq!(listening_socket(line, 5432), Some("4711"));
        assert_eq!(listening_socket(line, 5433), None);
        assert_eq!(listening_socket(&line.replace(" 0A ", " 01 "), 5432), None);
    }
}
