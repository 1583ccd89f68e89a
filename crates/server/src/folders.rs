//! Folders on their way: a ZIP that is packed while it is sent, so that its size is not held.
//!
//! In: something that adds files. Out: an answer whose body is the ZIP. Whoever reads slowly slows the packing; whoever
//! goes away ends it. Where packing fails half-way, the body breaks off, so that nobody takes half a folder for a whole.
//! Invariant: the same files give the same bytes.

use crate::app::App;
use crate::pages::{insight, revisions};
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::io::{Error as IoError, Result as IoResult, Write};
use std::sync::Arc;
use throughline_model::spec::Artifact;
use tokio::sync::mpsc::{Sender, channel};
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// Bytes sent at a time.
const CHUNK_BYTES: usize = 64 << 10;
/// Chunks that may wait for a slow reader.
const N_WAITING: usize = 4;

/// A folder that is being packed.
pub struct Packing(ZipWriter<StreamWriter<Piped>>);

impl Packing {
    /// Adds a file.
    ///
    /// # Errors
    /// When whoever asked is gone.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        self.0.start_file(path, SimpleFileOptions::default()).map_err(|_| Problem::broken())?;
        self.0.write_all(bytes).map_err(|_| Problem::broken())
    }

    /// Adds files under their own paths, with `cut` taken from the front.
    ///
    /// # Errors
    /// When whoever asked is gone.
    pub fn add_all(&mut self, files: &[Artifact], cut: &str) -> Result<(), Problem> {
        files.iter().try_for_each(|file| self.add(file.path.strip_prefix(cut).unwrap_or(&file.path), &file.bytes))
    }
}

/// An answer that is a folder of this name, filled where waiting disturbs nobody.
pub fn zip(name: &str, fill: impl FnOnce(&mut Packing) -> Result<(), Problem> + Send + 'static) -> Response {
    let (sender, receiver) = channel::<IoResult<Vec<u8>>>(N_WAITING);
    tokio::task::spawn_blocking(move || {
        let broken = sender.clone();
        let mut packing = Packing(ZipWriter::new_stream(Piped { sender, waiting: Vec::with_capacity(CHUNK_BYTES) }));
        let pack = || {
            fill(&mut packing).map_err(|problem| IoError::other(problem.detail))?;
            let mut rest = packing.0.finish().map_err(IoError::other)?.into_inner();
            rest.flush()
        };
        // A panic breaks the body off as an error does: an archive that only ends early would look whole.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(pack));
        if let Err(error) = done.unwrap_or_else(|_| Err(IoError::other("packing broke"))) {
            let _ = broken.blocking_send(Err(error));
        }
    });
    let body = futures_util::stream::unfold(receiver, |mut receiver| async move {
        let chunk = receiver.recv().await?;
        Some((chunk, receiver))
    });
    let mut response = Response::new(Body::from_stream(body));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        out.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The files of one specification, the press release last.
///
/// # Errors
/// When there is no such insight, or it was not specified.
pub fn files(app: &App, id: &str) -> Result<Vec<Artifact>, Problem> {
    let snapshot = app.read()?;
    let at = insight::find(&snapshot, id)?;
    let found = snapshot.specified(at)?;
    let spec = found.as_ref().as_ref().map_err(|why| Problem::not_specified(why))?;
    Ok(spec.files.iter().chain(&spec.release_file).cloned().collect())
}

/// The folder of one specification.
///
/// # Errors
/// As [`files`].
pub fn one(app: &App, id: &str) -> Result<Response, Problem> {
    let files = files(app, id)?;
    Ok(zip("specification.zip", move |packing| packing.add_all(&files, "specs/")))
}

/// One folder of all specifications that there are, in rank order, with the page that lists them.
///
/// # Errors
/// When nothing has been run yet.
pub fn all(app: &Arc<App>) -> Result<Response, Problem> {
    let snapshot = app.read()?;
    Ok(zip("specifications.zip", move |packing| {
        let mut made = Vec::with_capacity(snapshot.ranked.len());
        for at in 0..snapshot.ranked.len() {
            let found = match snapshot.printed(at)? {
                Ok(specified) => {
                    packing.add_all(&specified.files, "")?;
                    Ok((specified.spec.title.clone(), specified.folder().to_owned()))
                }
                Err(why) => Err(why),
            };
            made.push(found);
        }
        packing.add_all(&snapshot.beside(made), "")
    }))
}

/// The files of a revision, byte for byte as they were accepted.
///
/// # Errors
/// When there is no such revision, or work is going on.
pub fn accepted(app: &Arc<App>, number: &str) -> Result<Response, Problem> {
    let number = revisions::find(&*app.read()?, number)?.number;
    let files = app.ask(|session| session.revision_files(number))?;
    Ok(zip(&format!("revision-{number}.zip"), move |packing| packing.add_all(&files, "")))
}

/// Where packed bytes go.
struct Piped {
    sender: Sender<IoResult<Vec<u8>>>,
    waiting: Vec<u8>,
}

impl Write for Piped {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.waiting, Vec::with_capacity(CHUNK_BYTES));
        self.sender.blocking_send(Ok(chunk)).map_err(|_| IoError::from(std::io::ErrorKind::BrokenPipe))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_what_comes_out_and_a_failure_breaks_off() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(packed_and_broken());
    }

    async fn packed_and_broken() {
        let big = vec![7u8; 300_000];
        let sent = big.clone();
        let answer = super::zip("a.zip", move |packing| {
            packing.add("a/one.txt", b"one")?;
            packing.add("a/big.bin", &sent)
        });
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let mut read = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut found = Vec::new();
        read.by_name("a/big.bin").unwrap().read_to_end(&mut found).unwrap();
        assert_eq!((read.len(), found), (2, big));
        let broken = super::zip("b.zip", |packing| {
            packing.add("one.txt", b"one")?;
            Err(crate::problem::Problem::broken())
        });
        assert!(to_bytes(broken.into_body(), usize::MAX).await.is_err());
        let panicked = super::zip("c.zip", |packing| {
            packing.add("one.txt", b"one")?;
            panic!("as a fault would")
        });
        assert!(to_bytes(panicked.into_body(), usize::MAX).await.is_err());
    }
}
