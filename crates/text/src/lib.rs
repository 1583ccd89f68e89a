//! Language understanding without a model: sentences, tokens, phrases, languages, redaction, embeddings, neighbours.
