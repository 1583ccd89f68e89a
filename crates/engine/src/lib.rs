//! The incremental engine: content-hash memo, dependency record, cancellation, hit and miss log.
