//! Conformance suite for backends, in-memory Dial, fault injection, snapshot normalisers.
