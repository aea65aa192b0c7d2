//! Flags, environment and settings files: which one counts, and what a wrong one is told.

use std::fs;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use tempfile::TempDir;

/// A fresh machine: an empty home and an empty directory to work in.
struct Machine {
    home: TempDir,
    work: TempDir,
}

impl Machine {
    fn new() -> Self {
        let dir = || TempDir::new().expect("a directory");
        Self { home: dir(), work: dir() }
    }

    fn livegoods(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command.env_clear().env("HOME", self.home.path()).current_dir(self.work.path());
        command
    }

    fn project(&self, text: &str) -> &Self {
        fs::write(self.work.path().join("livegoods.toml"), text).expect("a settings file");
        self
    }

    fn user(&self, text: &str) -> &Self {
        let dir = self.home.path().join(".config/livegoods");
        fs::create_dir_all(&dir).expect("a directory");
        fs::write(dir.join("config.toml"), text).expect("a settings file");
        self
    }

    /// The limit of the submit bucket as `quota` shows it: an option whose value can be seen.
    fn submit_limit(&self, configure: impl FnOnce(&mut Command)) -> u64 {
        let mut command = self.livegoods();
        command.args(["quota", "--json"]);
        configure(&mut command);
        let output = command.assert().success().get_output().stdout.clone();
        let told: serde_json::Value = serde_json::from_slice(&output).expect("one JSON object");
        told["buckets"][0]["limit"].as_u64().expect("a limit")
    }
}

#[test]
fn a_flag_stands_above_the_environment_above_the_project_above_the_user_above_the_default() {
    let machine = Machine::new();
    assert_eq!(machine.submit_limit(|_| {}), 500);
    machine.user("quota = ['submit=1']");
    assert_eq!(machine.submit_limit(|_| {}), 1);
    machine.project("quota = 'submit=2'");
    assert_eq!(machine.submit_limit(|_| {}), 2);
    let environment = |command: &mut Command| {
        command.env("LIVEGOODS_QUOTA", "submit=3,list=9");
    };
    assert_eq!(machine.submit_limit(environment), 3);
    let flag = |command: &mut Command| {
        command.env("LIVEGOODS_QUOTA", "submit=3").args(["--quota", "submit=4"]);
    };
    assert_eq!(machine.submit_limit(flag), 4);
}

#[test]
fn an_empty_variable_is_unset() {
    let machine = Machine::new();
    machine.project("[quota]\nsubmit = 2");
    let empty = |command: &mut Command| {
        command.env("LIVEGOODS_QUOTA", "").env("LIVEGOODS_CONFIG", "").env("LIVEGOODS_SANDBOX", "");
    };
    assert_eq!(machine.submit_limit(empty), 2);
}

#[test]
fn the_users_file_is_found_by_xdg_config_home_too() {
    let machine = Machine::new();
    let dir = machine.work.path().join("settings/livegoods");
    fs::create_dir_all(&dir).expect("a directory");
    fs::write(dir.join("config.toml"), "quota = ['submit=7']").expect("a settings file");
    let xdg = machine.work.path().join("settings");
    assert_eq!(
        machine.submit_limit(|command| {
            command.env("XDG_CONFIG_HOME", &xdg);
        }),
        7
    );
}

#[test]
fn config_names_a_file_instead_of_the_projects() {
    let machine = Machine::new();
    machine.project("quota = ['submit=2']");
    fs::write(machine.work.path().join("other.toml"), "quota = ['submit=8']").expect("a settings file");
    assert_eq!(
        machine.submit_limit(|command| {
            command.args(["--config", "other.toml"]);
        }),
        8
    );
    assert_eq!(
        machine.submit_limit(|command| {
            command.env("LIVEGOODS_CONFIG", "other.toml");
        }),
        8
    );
}

#[test]
fn a_variable_may_be_a_yes_or_a_no() {
    for (word, is_json) in
        [("1", true), ("true", true), ("yes", true), ("on", true), ("0", false), ("false", false)]
    {
        let machine = Machine::new();
        let assert = machine.livegoods().arg("quota").env("LIVEGOODS_JSON", word).assert().success();
        assert_eq!(assert.get_output().stdout.starts_with(b"{"), is_json, "{word}");
    }
}

#[test]
fn a_wrong_settings_file_is_78_and_names_file_key_and_remedy() {
    for (text, told) in [
        ("job = 4", r#"livegoods.toml: unknown key "job": did you mean "jobs"?"#),
        ("zzz = 4", r#"unknown key "zzz": the keys are the names of the options"#),
        (
            "jobs = 0",
            r#"livegoods.toml: key "jobs": invalid value '0' for '--jobs <N>': 0 is not in 1..=256"#,
        ),
        ("jobs = [1, 2]", "write one value, not a list"),
        ("sandbox = 'perhaps'", r#"key "sandbox": invalid value 'perhaps'"#),
        ("color = 'blue'", "[possible values: auto, always, never]"),
        ("day-start = 04:00:00", "put the value in quotes"),
        ("a = 1\njobs 4", "livegoods.toml:2: not valid TOML"),
        ("secret = 'hunter2'", "LIVEGOODS_SECRET"),
        ("access_token = 'hunter2'", "looks like a secret"),
        ("secret = hunter2", "livegoods.toml:1: not valid TOML"),
    ] {
        let machine = Machine::new();
        let assert = machine.project(text).livegoods().args(["quota", "--jobs", "4"]).assert().code(78);
        assert.stderr(
            contains(told).and(contains("next: livegoods quota --jobs 4\n")).and(contains("hunter2").not()),
        );
    }
}

#[test]
fn the_users_file_is_named_when_it_is_wrong() {
    let machine = Machine::new();
    machine.user("jbos = 4");
    machine
        .livegoods()
        .arg("quota")
        .assert()
        .code(78)
        .stderr(contains(".config/livegoods/config.toml: unknown key"));
}

#[test]
fn a_settings_file_that_is_not_there_is_78_only_when_it_was_asked_for() {
    let machine = Machine::new();
    machine.livegoods().args(["quota", "--config", "no.toml"]).assert().code(78).stderr(contains("no.toml"));
}

#[test]
fn a_wrong_variable_is_78_unless_a_flag_stands_above_it() {
    let machine = Machine::new();
    let quota = || {
        let mut command = machine.livegoods();
        command.arg("quota").env("LIVEGOODS_JOBS", "many").env("LIVEGOODS_COLOR", "blue");
        command
    };
    quota()
        .args(["--color", "never"])
        .assert()
        .code(78)
        .stderr(contains("environment variable LIVEGOODS_JOBS"));
    quota().args(["-j", "2", "--color", "never"]).assert().success();
}

#[test]
fn help_works_whatever_the_settings_say() {
    let machine = Machine::new();
    machine
        .project("nonsense")
        .livegoods()
        .args(["quota", "--help"])
        .env("LIVEGOODS_JOBS", "x")
        .assert()
        .success();
}

#[test]
fn appid_may_stand_in_a_file() {
    let machine = Machine::new();
    machine.project("appid = 'wxfromfile'");
    machine.livegoods().arg("quota").assert().success().stdout(contains("appid wxfromfile"));
    machine
        .livegoods()
        .arg("quota")
        .env("LIVEGOODS_APPID", "wxfromenv")
        .assert()
        .success()
        .stdout(contains("appid wxfromenv"));
}

#[test]
fn the_secret_of_the_environment_stands_above_a_file_that_settings_name() {
    let machine = Machine::new();
    machine.project("secret-file = 'not-there'");
    let quota = || {
        let mut command = machine.livegoods();
        // Nothing listens on the discard port, so the service cannot be asked either way.
        command.args(["quota", "--api-base", "http://127.0.0.1:9"]).env("LIVEGOODS_APPID", "wx1");
        command
    };
    quota().assert().code(78).stderr(contains("not-there: the secret's file cannot be read"));
    quota().env("LIVEGOODS_SECRET", "s").assert().success();
}
