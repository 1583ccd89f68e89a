//! ZIP archives: the entries that are safe to read, in the order of their names.
//!
//! In: the packed bytes. Out: [`Archive`], from which one entry at a time is unpacked into memory.
//! Refused, each with a diagnostic: paths that leave the archive, links, encrypted entries, archives inside archives,
//! and whatever goes beyond the limits on number, size and expansion. Sizes are counted while unpacking; what the
//! archive claims of itself is not trusted.

use crate::decode::At;
use crate::intake::Intake;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// An entry that compresses better than the limit is only suspicious from this size on.
const MIN_SUSPICIOUS_BYTES: u64 = 1 << 20;

/// An opened archive.
pub(crate) struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// Index by name, safe ones only.
    entries: BTreeMap<String, usize>,
    n_unpacked_bytes: u64,
}

/// Reads and opens an archive; problems go to the intake.
pub(crate) fn open(head: Vec<u8>, input: &mut dyn Read, intake: &mut Intake<'_>) -> Option<Archive> {
    let max = intake.options.limits.max_archive_bytes;
    let mut bytes = head;
    let room = max.saturating_sub(bytes.len() as u64).saturating_add(1);
    if let Err(error) = input.take(room).read_to_end(&mut bytes) {
        intake.error(
            "input-unreadable",
            format!("reading stopped: {error}"),
            At { line: None, byte: Some(bytes.len() as u64) },
        );
    }
    if bytes.len() as u64 > max {
        intake.error(
            "archive-too-large",
            format!("the archive is larger than {max} bytes and was not read"),
            At::default(),
        );
        return None;
    }
    let zip = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) => zip,
        Err(error) => {
            intake.error("archive-unreadable", format!("the archive cannot be opened: {error}"), At::default());
            return None;
        }
    };
    let mut archive = Archive { zip, entries: BTreeMap::new(), n_unpacked_bytes: 0 };
    archive.list(intake);
    Some(archive)
}

impl Archive {
    fn list(&mut self, intake: &mut Intake<'_>) {
        let max = intake.options.limits.max_entries;
        let n = self.zip.len();
        if n > max {
            intake.error(
                "archive-too-large",
                format!("the archive holds {n} entries; the first {max} were read"),
                At::default(),
            );
        }
        for index in 0..n.min(max) {
            let entry = match self.zip.by_index_raw(index) {
                Ok(entry) => entry,
                Err(error) => {
                    intake.error("archive-unreadable", format!("entry {index} is damaged: {error}"), At::default());
                    continue;
                }
            };
            if entry.is_dir() {
                continue;
            }
            let name = match entry.name() {
                Ok(name) => name.into_owned(),
                Err(error) => {
                    intake.error(
                        "archive-unreadable",
                        format!("the name of entry {index} is damaged: {error}"),
                        At::default(),
                    );
                    continue;
                }
            };
            let refusal = if !is_safe(&name) {
                Some("its path leaves the archive")
            } else if entry.is_symlink() {
                Some("it is a link")
            } else if entry.encrypted() {
                Some("it is encrypted")
            } else {
                None
            };
            match refusal {
                Some(why) => {
                    let message = format!("entry '{}' was not read: {why}", crate::intake::shorten(&name, 80));
                    intake.error("archive-entry-refused", message, At::default());
                }
                None => {
                    self.entries.insert(name, index);
                }
            }
        }
    }

    /// Names of the entries that may be read, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    /// Whether an entry of this name may be read.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Unpacks an entry.
    pub(crate) fn unpack(&mut self, name: &str, intake: &mut Intake<'_>) -> Option<Vec<u8>> {
        let limits = &intake.options.limits;
        let room = limits.max_unpacked_bytes.saturating_sub(self.n_unpacked_bytes);
        let index = *self.entries.get(name)?;
        let shown = crate::intake::shorten(name, 80);
        let entry = match self.zip.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                intake.error("archive-entry-refused", format!("entry '{shown}' was not read: {error}"), At::default());
                return None;
            }
        };
        let packed = entry.compressed_size().max(1);
        let max_by_ratio = packed.saturating_mul(limits.max_expansion).max(MIN_SUSPICIOUS_BYTES);
        let max = room.min(max_by_ratio);
        let mut bytes = Vec::new();
        let result = entry.take(max.saturating_add(1)).read_to_end(&mut bytes);
        self.n_unpacked_bytes += bytes.len() as u64;
        if bytes.len() as u64 > max {
            let why = if max == room {
                format!("all entries together unpack to more than {} bytes", limits.max_unpacked_bytes)
            } else {
                format!("it expands more than {} times", limits.max_expansion)
            };
            intake.error("archive-too-large", format!("entry '{shown}' was not read: {why}"), At::default());
            return None;
        }
        if let Err(error) = result {
            intake.error(
                "archive-unreadable",
                format!("entry '{shown}' is damaged after {} bytes: {error}", bytes.len()),
                At::default(),
            );
            return None;
        }
        Some(bytes)
    }
}

/// Whether a path stays inside the archive and names a file.
fn is_safe(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['/', '\\'])
        && !name.contains(['\0', ':'])
        && !name.chars().any(char::is_control)
        && !name.split(['/', '\\']).any(|piece| piece == ".." || piece == ".")
        && name.len() <= 4096
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_are_refused() {
        for name in ["../x", "a/../../x", "/etc/passwd", "C:\\x", "a\\..\\x", "", "a\0b", "./x"] {
            assert!(!is_safe(name), "{name:?}");
        }
        assert!(is_safe("general/2026-03-05.json") && is_safe("a..b/c"));
    }
}
