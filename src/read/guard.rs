//! The Parquet reader takes a file's own figures on trust, and panics on some that are
//! damaged. Here such a panic is an error like any other.

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::{ParquetError, Result};
use std::any::Any;
use std::cell::Cell;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls the Parquet reader. What `call` holds must not be used again after an error.
pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(before);
    result.unwrap_or_else(|panic| Err(ParquetError::General(said(&*panic))))
}

/// The rows of a Parquet file, some at a time; nothing follows an error.
pub(crate) struct Batches(Option<ParquetRecordBatchReader>);

impl Batches {
    /// Reads what `builder` says.
    pub(crate) fn of(builder: ParquetRecordBatchReaderBuilder<File>) -> Result<Self> {
        guarded(|| builder.build()).map(|reader| Self(Some(reader)))
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.0.as_mut()?;
        let batch = guarded(|| Ok(reader.next().transpose()?)).transpose();
        if !matches!(batch, Some(Ok(_))) {
            self.0 = None;
        }
        batch
    }
}

/// Keeps the panics that reading catches and reports as errors from being told as panics as
/// well; all others go to the hook that was there before. For programs: a library leaves the
/// hook alone.
pub fn hush_caught_panics() {
    let before = take_hook();
    set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            before(info);
        }
    }));
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the file does not hold what it says").lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let error = guarded::<()>(|| panic!("odd {}", 1)).unwrap_err();
        assert_eq!(error.to_string(), "Parquet error: odd 1");
        assert!(!GUARDED.get());
        assert_eq!(guarded(|| Ok(3)).unwrap(), 3);
    }
}
