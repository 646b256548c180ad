//! nginx with the same configuration as in the container: its placeholders are filled in, and it runs in the
//! foreground. `admin-ui/nginx.conf` says what each placeholder means.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::account::Account;
use crate::command::ask;
use crate::folder::Folder;
use crate::logs::Logs;
use crate::process::{Process, Program};
use crate::settings::Settings;

/// Starts nginx.
///
/// # Errors
/// When the configuration holds what we cannot fill in, or nginx refuses it.
pub fn start(root: &Path, settings: &Settings, folder: &Folder, nginx: &Path, logs: &Logs) -> anyhow::Result<Process> {
    let worker = Account::for_nginx()?;
    let run = folder.shared().join("nginx");
    fs::create_dir_all(&run).with_context(|| format!("{} cannot be made", run.display()))?;
    let app = reachable_app(&root.join("admin-ui/dist"), worker.as_ref(), &run)?;
    let template = root.join("admin-ui/nginx.conf");
    let text = fs::read_to_string(&template).with_context(|| format!("{} cannot be read", template.display()))?;
    let configuration = run.join("nginx.conf");
    let filled = fill_in(&text, &values(settings, &app, &run))?;
    fs::write(&configuration, filled).with_context(|| format!("{} cannot be written", configuration.display()))?;
    let mut command = Command::new(nginx);
    command.args(["-e", "stderr", "-p"]).arg(&run).arg("-c").arg(&configuration);
    if let Some(worker) = &worker {
        let group = ask("id", &["-gn", &worker.name]).unwrap_or_else(|| worker.name.clone());
        command.args(["-g", &format!("user {} {group};", worker.name)]);
    }
    // SIGQUIT lets requests that run come to their end.
    Process::start(Program { name: "nginx", command, account: None, stop_signal: Signal::SIGQUIT }, &folder.run(), logs)
}

fn values(settings: &Settings, app: &Path, run: &Path) -> Vec<(&'static str, String)> {
    let url = |port| format!("http://{}", settings.local(port));
    vec![
        ("ADMIN_LISTEN", SocketAddr::new(settings.bind_addr, settings.admin_port).to_string()),
        ("ADMIN_ROOT", as_word(app)),
        ("RUN_DIR", as_word(run)),
        ("RESOLVER", "127.0.0.1".to_owned()),
        ("ABTEST_URL", url(settings.abtest_port)),
        ("METRICS_URL", url(settings.metrics_port)),
        ("LANDING_URL", url(settings.landing_port)),
        ("LANDING_PORT", settings.landing_port.to_string()),
        // Our pipe, which becomes lines on the screen.
        ("ACCESS_LOG", "/dev/stdout".to_owned()),
        ("LOG_FORMAT", settings.get("LOG_FORMAT").unwrap_or("text").to_owned()),
    ]
}

/// A path as one word of nginx's language.
fn as_word(path: &Path) -> String {
    let special = |character: char| character.is_whitespace() || "\\;{}'\"".contains(character);
    path.to_string_lossy().chars().fold(String::new(), |mut word, character| {
        if special(character) {
            word.push('\\');
        }
        word.push(character);
        word
    })
}

/// Replaces each `${NAME}` outside comments; a name we do not know is an error, not an empty word.
fn fill_in(template: &str, values: &[(&'static str, String)]) -> anyhow::Result<String> {
    let mut filled = String::new();
    for line in template.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}').context("admin-ui/nginx.conf has a `${` without its `}`")?;
            let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
                bail!("admin-ui/nginx.conf asks for ${{{name}}}, which `cargo xtask up` does not know");
            };
            filled.push_str(before);
            filled.push_str(value);
            rest = behind;
        }
        filled.push_str(rest);
        filled.push('\n');
    }
    Ok(filled)
}

/// The built app, or a copy where nginx's workers can read it when the project stands in a closed home.
fn reachable_app(app: &Path, worker: Option<&Account>, run: &Path) -> anyhow::Result<PathBuf> {
    if worker.is_none_or(|worker| worker.reaches(app)) {
        return Ok(app.to_owned());
    }
    let copy = run.join("app");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_folder(app, &copy)?;
    Ok(copy)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_and_nginx_keeps_its_own_variables() {
        let values = [("ADMIN_LISTEN", "127.0.0.1:3001".to_owned())];
        let filled = fill_in("# ${ANYTHING}\nlisten ${ADMIN_LISTEN}; # $uri\n", &values).unwrap();
        assert_eq!(filled, "listen 127.0.0.1:3001; # $uri\n");
        let refusal = fill_in("root ${PLACE};", &values).unwrap_err().to_string();
        assert!(refusal.contains("${PLACE}"), "{refusal}");
    }

    #[test]
    fn a_path_with_spaces_stays_one_word() {
        assert_eq!(as_word(Path::new("/My Files/x;y")), r"/My\ Files/x\;y");
    }

    #[test]
    fn every_placeholder_of_the_real_template_is_known() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let template = fs::read_to_string(root.join("admin-ui/nginx.conf")).unwrap();
        let settings = Settings::of(&[("ADMIN_PASSWORD", "own")]);
        fill_in(&template, &values(&settings, Path::new("/app"), Path::new("/run"))).unwrap();
    }
}
