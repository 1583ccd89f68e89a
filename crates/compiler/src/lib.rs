//! The pipeline of eleven stages and the session that everything above uses.
