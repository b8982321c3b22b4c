//! Figures about predictions, by scikit-learn's conventions where it has them; each
//! function names its source. `tests/golden` holds them to scikit-learn.

mod agreement;
mod confusion;
mod mcnemar;
mod probability;
mod ranking;

pub use agreement::{fleiss_kappa, krippendorff_alpha};
pub use confusion::{ClassScores, Confusion, ratio};
pub use mcnemar::mcnemar_exact;
pub use probability::{BINS, Bin, bin_of, brier, expected_calibration_error, log_loss};
pub use ranking::{LANES, Lanes, Ranked, Ranking};
