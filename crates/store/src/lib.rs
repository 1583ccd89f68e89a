//! The workspace store: records, events, decisions, lineage and the memo, in SQLite.
