//! The machine that was measured.

use crate::engine::native::Isa;
use serde::{Deserialize, Serialize};

/// Facts of a host, as far as the system tells them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Processor.
    pub cpu: String,
    /// Logical cores that this process may use.
    pub cores: usize,
    /// Vector instructions that the kernels have for it.
    pub instructions: Vec<String>,
    /// Bytes of memory; 0 when unknown.
    pub memory_bytes: u64,
    /// System and architecture.
    pub system: String,
    /// Processes that wanted to run in the last minute, before the measurement.
    pub load: Option<f64>,
    /// Version of this program.
    pub version: String,
}

impl Host {
    /// Looks.
    pub fn look() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, key: &str| {
            let line = text.lines().find(|l| l.starts_with(key))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let kilobytes = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
        let number = kilobytes.split(' ').next().and_then(|n| n.parse::<u64>().ok());
        Self {
            cpu: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown".into()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            instructions: Isa::ALL.iter().filter(|i| i.is_here()).map(ToString::to_string).collect(),
            memory_bytes: number.unwrap_or(0) * 1024,
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            load: read("/proc/loadavg").split(' ').next().and_then(|n| n.parse().ok()),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// The most memory that this process has had at once, in bytes, where the system tells it.
pub(super) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
