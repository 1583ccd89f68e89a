//! `serve`: the workspace in a browser until somebody presses Ctrl-C.

use crate::End;
use crate::arguments::Address;
use crate::host::OsHost;
use crate::render::{err, out};
use std::path::Path;
use std::sync::Arc;
use throughline_compiler::settings::FILE_NAME;
use throughline_compiler::{Error, Session};
use throughline_server::Options;

/// Serves a workspace, making one where there is none.
pub(crate) fn serve(host: &OsHost, folder: &Path, address: &Address) -> Result<End, Error> {
    let host = Arc::new(host.clone());
    if !folder.join(FILE_NAME).exists() {
        Session::init(folder, &*host)?;
    }
    let session = Session::open(folder, &*host)?;
    let options = Options { listen: address.listen, example: crate::demo::EXAMPLE };
    let served = throughline_server::serve(host, session, folder.to_owned(), &options, |at| {
        out(&format!("open http://{at} in a browser; Ctrl-C ends it"));
    });
    match served {
        Ok(()) => Ok(End::Fine),
        Err(throughline_server::Error::Workspace(error)) => Err(error),
        Err(error) => {
            err(&format!("error[{}] {error}", error.code()));
            Ok(End::Unable)
        }
    }
}
