//! Lines of bytes, with a bound on what is held.

use std::io::{self, BufRead};

/// A buffer that grew beyond this for one line is given back after it.
const KEEP: usize = 1 << 20;

/// What [`Lines::next_line`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line is in the buffer, without its end.
    Full,
    /// The line was longer than the bound; it was skipped and is this long.
    TooLong(u64),
    /// No more lines.
    End,
}

/// Reads lines up to a bound.
pub(super) struct Lines<R> {
    bytes: R,
    max: usize,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(bytes: R, max: usize) -> Self {
        Self { bytes, max, buffer: Vec::new() }
    }

    /// The line that was read last.
    pub(super) fn line(&self) -> &[u8] {
        &self.buffer
    }

    /// Reads the next line into the buffer.
    pub(super) fn next_line(&mut self) -> io::Result<Line> {
        self.buffer.clear();
        if self.buffer.capacity() > KEEP {
            self.buffer.shrink_to(KEEP);
        }
        let mut length: u64 = 0;
        let mut any = false;
        loop {
            let chunk = match self.bytes.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                break;
            }
            any = true;
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            length += part.len() as u64;
            // One byte more than the bound, so that a `\r` at the end does not count.
            if self.buffer.len() <= self.max {
                let room = self.max + 1 - self.buffer.len();
                self.buffer.extend_from_slice(&part[..part.len().min(room)]);
            }
            let used = part.len() + usize::from(end.is_some());
            self.bytes.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(Line::End);
        }
        if length <= self.max as u64 + 1 && self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
            length -= 1;
        }
        if length > self.max as u64 {
            self.buffer.clear();
            return Ok(Line::TooLong(length));
        }
        Ok(Line::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(input: &[u8], max: usize, capacity: usize) -> Vec<(Line, Vec<u8>)> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, input), max);
        let mut out = Vec::new();
        loop {
            let line = lines.next_line().unwrap();
            if line == Line::End {
                return out;
            }
            out.push((line, lines.line().to_vec()));
        }
    }

    #[test]
    fn a_line_at_the_bound_is_read_and_one_above_it_skipped() {
        for capacity in [1, 2, 3, 7, 64] {
            let got = all(b"12345\n123456\r\n12345\r\n\n1234567\nab", 5, capacity);
            let want = vec![
                (Line::Full, b"12345".to_vec()),
                (Line::TooLong(7), vec![]),
                (Line::Full, b"12345".to_vec()),
                (Line::Full, vec![]),
                (Line::TooLong(7), vec![]),
                (Line::Full, b"ab".to_vec()),
            ];
            assert_eq!(got, want, "capacity {capacity}");
        }
    }

    #[test]
    fn nothing_and_a_last_line_without_end() {
        assert!(all(b"", 5, 8).is_empty());
        assert_eq!(all(b"a", 5, 8).len(), 1);
        assert_eq!(all(b"a\n", 5, 8).len(), 1);
    }

    #[test]
    fn a_skipped_line_is_not_held() {
        let long = vec![b'x'; 5_000_000];
        let mut lines = Lines::new(BufReader::new(&long[..]), 1000);
        assert_eq!(lines.next_line().unwrap(), Line::TooLong(5_000_000));
        assert!(lines.buffer.capacity() < 100_000);
    }
}
