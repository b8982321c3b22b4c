//! Rows of cells, with a bound on what is held.

use crate::read::peek::{self, Bytes};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, BufRead, ErrorKind, Read};

/// A buffer that grew beyond this for one row is given back after it.
const KEEP: usize = 1 << 20;
/// Cells that there is room for at first,
const CELLS: usize = 64;
/// and no row has more.
const MOST_CELLS: usize = 1 << 16;

/// What [`Rows::next_row`] found.
pub(super) enum Found {
    /// A row is there.
    Row,
    /// The row was longer than the bound; it was skipped and is this long.
    TooLong(u64),
    /// No more rows.
    End,
}

/// Reads rows up to a bound.
pub(super) struct Rows {
    bytes: Bytes,
    core: Reader,
    max: usize,
    /// The cells of the row, end to end, and where each ends.
    held: Vec<u8>,
    ends: Vec<usize>,
    len: usize,
    line: usize,
}

impl Rows {
    pub(super) fn new(bytes: Bytes, max: usize) -> Self {
        let (held, ends) = (vec![0; 1 << 12], vec![0; CELLS]);
        Self { bytes, core: Reader::new(), max, held, ends, len: 0, line: 1 }
    }

    /// The first line, or its start; without a byte order mark, and not taken away.
    pub(super) fn first_line(&mut self) -> io::Result<Vec<u8>> {
        let bytes = std::mem::replace(&mut self.bytes, Box::new(io::empty()));
        let (seen, mut bytes) = peek::peek(bytes, |seen| seen.contains(&b'\n'))?;
        let bare = crate::read::utf8::without_mark(&seen);
        bytes.by_ref().take((seen.len() - bare.len()) as u64).read_to_end(&mut Vec::new())?;
        self.bytes = bytes;
        Ok(bare.split(|&byte| byte == b'\n').next().unwrap_or(bare).to_vec())
    }

    /// Says what parts the cells.
    pub(super) fn part_by(&mut self, delimiter: u8) {
        self.core = ReaderBuilder::new().delimiter(delimiter).build();
    }

    /// The number of cells in the row that was read last.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The line on which that row begins, from 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// One of its cells; empty when there is none.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        if at < self.len { &self.held[start..self.ends[at]] } else { &[] }
    }

    /// All of its cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len).map(|at| self.cell(at))
    }

    /// Reads the next row that is not blank.
    pub(super) fn next_row(&mut self) -> io::Result<Found> {
        if self.held.len() > KEEP {
            self.held.truncate(KEEP);
            self.held.shrink_to(KEEP);
        }
        // `held` is what is kept, `lost` what was thrown away of a row that is too long.
        let (mut held, mut ends, mut lost) = (0, 0, 0_u64);
        let mut newline = false;
        loop {
            let input = match self.bytes.fill_buf() {
                Ok(input) => input,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let room = &mut self.held[held..];
            let (result, used, wrote, cells) = self.core.read_record(input, room, &mut self.ends[ends..]);
            newline = if used > 0 { input[used - 1] == b'\n' } else { newline };
            self.bytes.consume(used);
            held += wrote;
            ends += cells;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.held.len() <= self.max => {
                    // One byte more than the bound tells that a row is longer.
                    let size = (self.held.len() * 2).min(self.max + 1);
                    self.held.resize(size, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_CELLS => {
                    let size = self.ends.len() * 2;
                    self.ends.resize(size, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    lost += held as u64;
                    (held, ends) = (0, 0);
                }
                ReadRecordResult::Record => {
                    let last = self.core.line() as usize - usize::from(newline);
                    if lost > 0 || held > self.max {
                        self.len = 0;
                        self.line = last;
                        return Ok(Found::TooLong(lost + held as u64));
                    }
                    let inner = self.held[..held].iter().filter(|&&byte| byte == b'\n').count();
                    self.line = last.saturating_sub(inner).max(1);
                    self.len = ends;
                    return Ok(Found::Row);
                }
                ReadRecordResult::End => {
                    self.len = 0;
                    return Ok(Found::End);
                }
            }
        }
    }
}
