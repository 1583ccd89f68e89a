//! What a statement asks for: kind, asking clause, capability frame and slots.
