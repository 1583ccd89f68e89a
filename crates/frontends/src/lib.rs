//! Front-ends: bytes of an export in, records and diagnostics out.
