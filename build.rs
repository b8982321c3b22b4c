//! Writes shell completions and manual pages from the definition of the command
//! line, and a list of them that the program includes; and says where libtorch is.
#![allow(clippy::print_stdout)]

use clap::CommandFactory;
use clap_complete::{Shell, generate_to};
use std::io;
use std::path::{Path, PathBuf};

#[allow(dead_code)]
#[path = "src/cli/args.rs"]
mod args;
#[allow(dead_code)]
#[path = "src/cli/bench_args.rs"]
mod bench_args;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/cli/args.rs");
    println!("cargo::rerun-if-changed=src/cli/bench_args.rs");
    println!("cargo::rerun-if-changed=src/cli/evaluate_args.rs");
    println!("cargo::rerun-if-changed=src/cli/read_args.rs");
    println!("cargo::rerun-if-changed=src/cli/sources_args.rs");
    println!("cargo::rerun-if-changed=src/cli/output_args.rs");
    println!("cargo::rerun-if-changed=src/cli/merge_args.rs");
    println!("cargo::rerun-if-changed=src/cli/report_args.rs");
    println!("cargo::rerun-if-changed=src/cli/serve_args.rs");
    println!("cargo::rerun-if-changed=build.rs");
    link_torch();
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    let out = PathBuf::from(out);

    let completions = fresh(&out.join("completions"))?;
    let mut list = String::from("pub(super) const COMPLETIONS: &[(&str, &str)] = &[\n");
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
        let path = generate_to(shell, &mut args::Cli::command(), "veracity", &completions)?;
        list.push_str(&entry(&shell.to_string(), &path));
    }

    let pages = fresh(&out.join("man"))?;
    clap_mangen::generate_to(args::Cli::command(), &pages)?;
    let mut paths =
        std::fs::read_dir(&pages)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    list.push_str("];\npub(super) const PAGES: &[(&str, &str)] = &[\n");
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        list.push_str(&entry(&name, &path));
    }
    list.push_str("];\n");
    std::fs::write(out.join("generated.rs"), list)
}

fn entry(name: &str, path: &Path) -> String {
    format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string())
}

/// An empty folder: pages of commands that are gone must not stay.
fn fresh(path: &Path) -> io::Result<PathBuf> {
    if path.exists() {
        std::fs::remove_dir_all(path)?;
    }
    std::fs::create_dir_all(path)?;
    Ok(path.to_owned())
}

/// Lets the built programs find libtorch without LD_LIBRARY_PATH: where torch-sys found
/// it, and beside the program for who bundles it.
fn link_torch() {
    println!("cargo::rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    if let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib}");
        println!("cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib:$ORIGIN/lib");
        // See src/engine/torch/tune.rs.
        println!("cargo::rustc-link-arg=-Wl,--export-dynamic-symbol=mkl_serv_intel_cpu_true");
    }
}
