//! Speed: how many sentences a second, what that is made of, and how far from the machine's
//! own ceiling.

mod baseline;
mod host;
mod markdown;
mod measure;
mod report;
mod spread;
mod svg;
mod workload;

pub use baseline::{Change, Verdict, compare};
pub use host::Host;
pub use measure::{Latency, Measurement, Settings, Stages, Windows, measure};
pub use report::BenchReport;
pub use spread::Spread;
pub use workload::Workload;
