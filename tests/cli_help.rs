//! Help, completions and manual pages: every flag is in all of them.
#![allow(clippy::unwrap_used)]

mod cli_common;

use cli_common::{Files, veracity};
use predicates::str::contains;

fn stdout(args: &[&str]) -> String {
    let output = veracity().args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

const COMMANDS: [&str; 12] = [
    "label",
    "merge",
    "model",
    "evaluate",
    "calibrate",
    "report",
    "sources",
    "serve",
    "bench",
    "train",
    "completions",
    "man",
];
const LABEL_FLAGS: [&str; 22] = [
    "--view",
    "--html",
    "--output",
    "--format",
    "--engine",
    "--model",
    "--precision",
    "--isa",
    "--threads",
    "--field",
    "--max-line",
    "--min-confidence",
    "--target-risk",
    "--per",
    "--part-size",
    "--shard",
    "--rejects",
    "--strict",
    "--max-errors",
    "--log-json",
    "--quiet",
    "--color",
];

#[test]
fn help_names_commands_flags_and_exit_codes() {
    let top = stdout(&["--help"]);
    for command in COMMANDS {
        assert!(top.contains(&format!("\n  {command} ")), "{command}");
        let help = stdout(&[command, "--help"]);
        assert!(help.contains("Usage: veracity"), "{command}");
        assert!(help.contains("Exit codes:") || help.contains("Examples:"), "{command}");
    }
    let help = stdout(&["label", "--help"]);
    for flag in LABEL_FLAGS {
        assert!(help.contains(flag), "{flag}");
    }
    for part in ["Examples:", "Exit codes:", "130", "OUT.partial", "VERACITY_MODEL", "NO_COLOR"] {
        assert!(help.contains(part), "{part}");
    }
    let help = stdout(&["evaluate", "--help"]);
    for flag in ["--gold", "--pred", "--model", "--map", "--only", "--by", "--suspects", "--html", "--json"] {
        assert!(help.contains(flag), "{flag}");
    }
    let help = stdout(&["merge", "--help"]);
    for flag in ["--output", "--format", "--rejects", "--quiet", "--shard 1/2"] {
        assert!(help.contains(flag), "{flag}");
    }
    let help = stdout(&["sources", "--help"]);
    for part in ["--claims", "--outcomes", "--out", "--quiet", "trust.csv", "cannot be judged"] {
        assert!(help.contains(part), "{part}");
    }
    let help = stdout(&["report", "--help"]);
    for part in ["--output", "--articles", "--trust", "--title"] {
        assert!(help.contains(part), "{part}");
    }
    let help = stdout(&["serve", "--help"]);
    for part in ["--host", "--port", "--token-file", "--max-body", "--max-sentences", "--queue", "--timeout"] {
        assert!(help.contains(part), "{part}");
    }
    for command in ["info", "verify"] {
        assert!(stdout(&["model", command, "--help"]).contains("[DIR]"));
    }
}

#[test]
fn every_flag_has_a_help_line() {
    for command in COMMANDS {
        let help = stdout(&[command, "-h"]);
        let options = help.split("Options:\n").nth(1).unwrap();
        let options = options.split("\n\n").next().unwrap();
        let flags = options.lines().filter(|line| line.trim_start().starts_with('-'));
        for flag in flags {
            let explained = flag.trim().split("  ").count() > 1;
            let below = options.contains(&format!("{flag}\n          "));
            assert!(explained || below, "{command}: {flag}");
        }
    }
}

#[test]
fn version() {
    assert_eq!(stdout(&["--version"]), concat!("veracity ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn usage_errors_exit_with_2() {
    veracity().assert().code(2);
    veracity().arg("no-such-command").assert().code(2);
    veracity().args(["label", "--no-such-flag", "x"]).assert().code(2);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&["completions", shell]);
        assert!(script.contains("veracity"), "{shell}");
        for flag in LABEL_FLAGS {
            let name = flag.trim_start_matches('-');
            assert!(script.contains(name), "{shell} lacks {flag}");
        }
    }
    veracity().args(["completions", "tcsh"]).assert().code(2);
}

#[test]
fn a_manual_page_for_every_command() {
    assert!(stdout(&["man"]).contains(".TH veracity 1"));
    let page = stdout(&["man", "label"]).replace("\\-", "-");
    for flag in LABEL_FLAGS {
        assert!(page.contains(flag), "{flag}");
    }
    assert!(stdout(&["man", "model", "--color", "never"]).contains(".TH veracity-model 1"));
    veracity().args(["man", "nothing"]).assert().code(2).stderr(contains("hint: there are pages for"));

    let files = Files::new();
    let dir = files.path("man/man1");
    veracity().args(["man", "--out"]).arg(&dir).assert().success().stdout("");
    for command in COMMANDS {
        assert!(dir.join(format!("veracity-{command}.1")).is_file(), "{command}");
    }
    assert!(dir.join("veracity-model-info.1").is_file());
}
