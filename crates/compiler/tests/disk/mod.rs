//! The machine as tests see it: real files, no clock.

use std::fs;
use std::io::Read;
use std::path::Path;
use throughline_model::Host;
use throughline_model::host::FoundFile;

pub(crate) struct Disk;

impl Host for Disk {
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(fs::File::open(path)?))
    }
    fn list(&self, path: &Path) -> std::io::Result<Vec<FoundFile>> {
        let size_bytes = fs::metadata(path)?.len();
        Ok(vec![FoundFile { path: path.into(), shown: path.file_name().unwrap().to_string_lossy().into(), size_bytes }])
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, bytes)
    }
    fn elapsed_secs(&self) -> f64 {
        0.0
    }
    fn is_cancelled(&self) -> bool {
        false
    }
}
