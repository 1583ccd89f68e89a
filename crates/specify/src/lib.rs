//! From needs to a specification: stories, criteria, entities, screens, and the rules they are held to.
